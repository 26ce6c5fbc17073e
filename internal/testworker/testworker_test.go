package testworker

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/runtime/jsg"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// outcome runs one test and gives what it reports, "" for a pass.
func outcome(t *testing.T, source string, o Options) string {
	t.Helper()
	p, err := jsg.Compile("t.js", source)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.run(t, p, "test"); err != nil {
		return err.Error()
	}
	return ""
}

func TestOutcomes(t *testing.T) {
	tests := []struct{ body, want string }{
		{``, ""},
		{`assert(1)`, ""},
		{`assert(0)`, "AssertionError: got 0"},
		{`assert(0, "why")`, "AssertionError: why"},
		{`assert.equal({a: [1, new Uint8Array(2)]}, {a: [1, new Uint8Array(2)]})`, ""},
		{`assert.equal({a: 1}, {a: 2}, "sum")`, "AssertionError: sum: got {a: 1}, want {a: 2}"},
		{`assert.equal([NaN, 0], [NaN, -0])`, "got [NaN, 0], want [NaN, -0]"},
		{`assert.equal(new Map([[1, {}]]), new Map([[1, {}]]))`, ""},
		{`assert.equal({}, [])`, "got {}, want []"},
		{`assert.throws(() => { throw new TypeError("x") }, TypeError)`, ""},
		{`assert.throws(() => { throw new TypeError("x") }, "TypeError: x")`, ""},
		{`assert.throws(() => { throw new TypeError("x") }, RangeError)`, "threw TypeError: x, want a RangeError"},
		{`assert.throws(() => 5)`, "returned 5, want an exception"},
		{`await assert.throws(async () => 5)`, "fulfilled with 5, want a rejection"},
		{`await assert.throws(async () => { throw new Error("later") }, "later")`, ""},
		{`await sleep(); assert.fail("after a turn")`, "AssertionError: after a turn"},
		{`throw new RangeError("thrown")`, "RangeError: thrown"},
		{`Promise.reject(new Error("nobody listens"))`, "nobody listens"},
		{`await new Promise(() => {})`, "hung"},
	}
	for _, tt := range tests {
		got := outcome(t, "async function test() { "+tt.body+" }", Options{})
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s\n got %q\nwant %q", tt.body, got, tt.want)
		}
	}
}

func TestTimeout(t *testing.T) {
	if got := outcome(t, `async function test() { for (;;) {} }`, Options{Timeout: time.Millisecond}); !strings.Contains(got, "timed out") {
		t.Error(got)
	}
}

func TestTestsAreFunctionsWithoutParameters(t *testing.T) {
	const source = `
export async function one() {}
async function helper(x) {}
async function two() {}
function sync() {}
`
	var names []string
	for _, m := range testFunc.FindAllStringSubmatch(source, -1) {
		names = append(names, m[1])
	}
	if got := strings.Join(names, " "); got != "one two" {
		t.Error(got)
	}
}
