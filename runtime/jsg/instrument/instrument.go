// Package instrument puts counters into a script, for coverage: one for each
// statement, function and path of a branch, in the model of Istanbul. It knows
// the script only; what its places are in the files it was made from is for the
// caller to say.
//
// Counted as Istanbul counts, https://github.com/istanbuljs/istanbuljs, with the
// engine's own parser.
package instrument

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"github.com/miniworker/miniworker/runtime/jsg/syntax"
)

// Range is a part of the script, in bytes.
type Range = syntax.Range

func span(start, end int) Range { return Range{Start: start, End: end} }

// Statement is a statement, or the value of a declared variable.
type Statement struct {
	Range
	Counter int
}

// Function is a function of any kind.
type Function struct {
	Name       string // "" if it has none
	Decl, Body Range
	Counter    int
}

// Branch is a place where the code goes one of several ways.
type Branch struct {
	Kind string // as Istanbul names them: if, cond-expr, switch, binary-expr, default-arg
	Range
	// Paths are the ways; that of an else that is not there is the whole if.
	// The path i is counted by Counter+i.
	Paths   []Range
	Counter int
}

// Points is everything that is counted.
type Points struct {
	Statements []Statement
	Functions  []Function
	Branches   []Branch
	// Counters is how many counters there are.
	Counters int
}

// Insertion is text to put in front of the byte At of a script.
type Insertion struct {
	At   int
	Text string
}

// Verdict is what becomes of a part of the script.
type Verdict int

// Count counts it, Pass only what is in it, Skip not even that.
const (
	Count Verdict = iota
	Pass
	Skip
)

// Script finds what to count in a bundled script (see package bundle). judge is
// asked about each statement, function and branch. The insertions are in order;
// counter is the name they call the array of counters, which the text setup, put
// first in the script's function, has to declare.
func Script(script []byte, counter, setup string, judge func(Range) Verdict) (points *Points, ins []Insertion, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("the engine cannot parse this: %v", x)
		}
	}()
	program, err := parser.ParseFile(nil, "", string(script), 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, nil, err
	}
	fn, ok := outermost(program)
	if !ok {
		return nil, nil, fmt.Errorf("the script is no function")
	}
	w := &walker{Text: syntax.NewText(script, program), counter: counter, judge: judge, points: &Points{}}
	w.insert(syntax.Offset(fn.Body.LeftBrace)+1, setup)
	w.list(fn.Body.List)
	slices.SortStableFunc(w.edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.order, b.order))
	})
	for _, e := range w.edits {
		ins = append(ins, e.Insertion)
	}
	return w.points, ins, nil
}

func outermost(p *ast.Program) (*ast.FunctionLiteral, bool) {
	if len(p.Body) != 1 {
		return nil, false
	}
	s, ok := p.Body[0].(*ast.ExpressionStatement)
	if !ok {
		return nil, false
	}
	fn, ok := s.Expression.(*ast.FunctionLiteral)
	return fn, ok
}

// edit is an insertion; at one place, what closes something comes before what
// opens something.
type edit struct {
	Insertion
	order int
}

type walker struct {
	*syntax.Text
	counter string
	judge   func(Range) Verdict
	points  *Points
	edits   []edit
}

func (w *walker) insert(at int, s string)      { w.edits = append(w.edits, edit{Insertion{at, s}, 1}) }
func (w *walker) insertClose(at int, s string) { w.edits = append(w.edits, edit{Insertion{at, s}, 0}) }

// next reserves n counters.
func (w *walker) next(n int) int {
	first := w.points.Counters
	w.points.Counters += n
	return first
}

func (w *walker) count(n int) string { return fmt.Sprintf("%s[%d]++", w.counter, n) }

// around counts an expression when it is evaluated, and looks into it.
func (w *walker) around(e ast.Node, counters ...int) {
	r := w.Extent(e)
	open := "("
	for _, n := range counters {
		open += w.count(n) + ","
	}
	w.insert(r.Start, open)
	w.visit(e)
	w.insertClose(r.End, ")")
}

func (w *walker) statement(r Range) int {
	n := w.next(1)
	w.points.Statements = append(w.points.Statements, Statement{r, n})
	return n
}

func (w *walker) branch(kind string, r Range, paths ...Range) int {
	n := w.next(len(paths))
	w.points.Branches = append(w.points.Branches, Branch{Kind: kind, Range: r, Paths: paths, Counter: n})
	return n
}

// visit looks for what is counted in any node.
func (w *walker) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryExpression:
		if isLogical(n) {
			w.logical(n)
			return
		}
	case *ast.ConditionalExpression:
		w.conditional(n)
		return
	case *ast.FunctionLiteral:
		w.function(n, w.name(n.Name), syntax.Offset(n.Idx0()))
		return
	case *ast.ArrowFunctionLiteral:
		w.arrow(n)
		return
	case *ast.MethodDefinition:
		w.visit(n.Key)
		w.function(n.Body, keyName(n.Key), syntax.Offset(n.Idx))
		return
	case *ast.PropertyKeyed:
		if fn, ok := n.Value.(*ast.FunctionLiteral); ok && n.Kind != ast.PropertyKindValue {
			w.visit(n.Key)
			w.function(fn, keyName(n.Key), syntax.Offset(n.Key.Idx0()))
			return
		}
	case *ast.FieldDefinition:
		w.field(n)
		return
	case *ast.ParameterList:
		for _, b := range n.List {
			w.visit(b.Target)
			w.defaultValue(b, b.Initializer)
		}
		if n.Rest != nil {
			w.visit(n.Rest)
		}
		return
	case *ast.ObjectPattern, *ast.ArrayPattern:
		syntax.Children(n, w.pattern)
		return
	case *ast.CallExpression:
		if body := moduleBody(n); body != nil {
			w.list(body.List)
			return
		}
	case ast.Statement:
		w.inside(n)
		return
	}
	syntax.Children(n, w.visit)
}

// moduleBody is the body of a module that the bundler wrapped into a function.
func moduleBody(n *ast.CallExpression) *ast.BlockStatement {
	callee, ok := n.Callee.(*ast.Identifier)
	if !ok || callee.Name != "__esm" && callee.Name != "__commonJS" || len(n.ArgumentList) != 1 {
		return nil
	}
	o, ok := n.ArgumentList[0].(*ast.ObjectLiteral)
	if !ok || len(o.Value) != 1 {
		return nil
	}
	if p, ok := o.Value[0].(*ast.PropertyKeyed); ok {
		if fn, ok := p.Value.(*ast.FunctionLiteral); ok {
			return fn.Body
		}
	}
	return nil
}

func (w *walker) name(id *ast.Identifier) string {
	if id == nil {
		return ""
	}
	return id.Name.String()
}

func keyName(key ast.Expression) string {
	switch key := key.(type) {
	case *ast.StringLiteral:
		return key.Value.String()
	case *ast.Identifier:
		return key.Name.String()
	case *ast.PrivateIdentifier:
		return "#" + key.Name.String()
	}
	return ""
}
