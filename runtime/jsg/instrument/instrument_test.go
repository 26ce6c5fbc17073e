package instrument_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/jsg/instrument"
)

// Each has to be a script still, and have so many statements, functions and
// paths of branches.
var scripts = []struct {
	code                         string
	statements, functions, paths int
}{
	{"(a,b)();(c)", 2, 0, 0},
	{"if(a)b;else if(c)d;else e", 5, 0, 4},
	{"if((a))(b)", 2, 0, 2},
	{"while(a)for(const x of y)if(x)continue;else break", 5, 0, 2},
	{"do a();while(b)", 2, 0, 0},
	{"out:for(;;){for(;;)continue out}", 4, 0, 0},
	{"a:b:for(;;)break a", 4, 0, 0},
	{"x=(a,b)?(c,d):(e,f)", 1, 0, 2},
	{"x=a?b:c?d:(e)", 1, 0, 4},
	{"x=(a||(b,c))&&!d++", 1, 0, 3},
	{"x=a??b?.c[')']", 1, 0, 2},
	{"x=a&&/[)(]/.test('(')&&`)${b||'('}(`", 1, 0, 5},
	{"var f=()=>({a:1}),g=async x=>(x,1),h=async function(){}", 5, 3, 0},
	{"function f(a=1,{b=2,c:d=3}={},[e=4]=[]){}", 0, 1, 6},
	{"function f(){\"use strict\";return}function g(){'use strict'}", 1, 2, 0},
	{"class A extends(B,C){#x=()=>1;static y=(1,2);get z(){return(1)}static{f()}*g(){yield(1)}}", 6, 3, 0},
	{"x={get a(){return 1},b(){throw(e)},async['c'](){},d:1}", 3, 3, 0},
	{"switch(a){case(1):case b?':':c:d();break;default:}", 3, 0, 5},
	{"try{a()}catch{b()}finally{c()}", 4, 0, 0},
	{"for(var i=0,j=()=>1;i<1;i++);", 4, 1, 0},
	{"for(let{a=1}of b);", 1, 0, 1},
	{"let ö='ä(';if(ö)x('\U0001F600')", 3, 0, 2},
}

func TestScript(t *testing.T) {
	for _, s := range scripts {
		code := []byte("(async function(__mw){" + s.code + "\n})")
		p, ins, err := instrument.Script(code, "n", "const n=[];", func(instrument.Range) instrument.Verdict { return instrument.Count })
		if err != nil {
			t.Errorf("%s: %v", s.code, err)
			continue
		}
		var b strings.Builder
		from := 0
		for _, in := range ins {
			if in.At < from {
				t.Fatalf("%s: insertions are not in order", s.code)
			}
			fmt.Fprintf(&b, "%s%s", code[from:in.At], in.Text)
			from = in.At
		}
		b.Write(code[from:])
		if _, err := jsg.Compile("", b.String()); err != nil {
			t.Errorf("%s became %s: %v", s.code, b.String(), err)
		}
		paths := 0
		for _, br := range p.Branches {
			paths += len(br.Paths)
		}
		if len(p.Statements) != s.statements || len(p.Functions) != s.functions || paths != s.paths {
			t.Errorf("%s: %d statements, %d functions, %d paths, want %d, %d, %d; it became\n%s", s.code, len(p.Statements), len(p.Functions), paths, s.statements, s.functions, s.paths, b.String())
		}
	}
}
