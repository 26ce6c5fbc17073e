package all_test

import (
	"os"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/api/console"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// TestConsole prints the values of testdata/console/values.txt: a source after
// ">", or a call of log(), and what is to be shown below it.
func TestConsole(t *testing.T) {
	text, err := os.ReadFile("testdata/console/values.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split(string(text), "\n> ")
	iso := testworker.New(t, testworker.Options{Install: []testworker.Install{all.Install}}, func(err error) { t.Error(err) })
	iso.Do(func(js *jsg.Scope) {
		log := js.Func("log", 0, func(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
			return js.String(console.Format(js, a.Rest(0))), nil
		})
		js.Global().Set("log", log)
		if _, err := js.Run(jsg.MustCompile("prelude.js", cases[0])); err != nil {
			t.Error(err)
		}
		for _, c := range cases[1:] {
			source, want, _ := strings.Cut(c, "\n")
			v, err := js.Run(jsg.MustCompile("value.js", "("+source+")"))
			if err != nil {
				t.Errorf("%s: %v", source, err)
				continue
			}
			if got := console.Format(js, []jsg.Value{v}); got != strings.TrimSuffix(strings.TrimSuffix(want, "\n"), "\n") {
				t.Errorf("%s\ngot:\n%s\nwant:\n%s", source, got, want)
			}
		}
	})
}
