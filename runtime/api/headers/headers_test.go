package headers

import (
	"net/http"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/runtime/jsg"
	"golang.org/x/net/http/httpguts"
)

func TestHeaders(t *testing.T) {
	tests := []struct{ source, want string }{
		{`let h = new Headers({A: 1, "x-b": " two "}); [h.get("a"), h.get("X-B"), h.get("none")].join("|")`, "1|two|"},
		{`let h = new Headers([["a", "1"], ["A", "2"]]); h.append("a", 3); h.get("a")`, "1, 2, 3"},
		{`JSON.stringify([...new Headers({b: 1, A: 2})])`, `[["a","2"],["b","1"]]`},
		{`let h = new Headers; h.append("set-cookie", "a=1"); h.append("Set-Cookie", "b=2"); h.append("b", 1); JSON.stringify([[...h], h.getSetCookie(), h.get("set-cookie"), h.getAll("Set-Cookie")])`,
			`[[["b","1"],["set-cookie","a=1"],["set-cookie","b=2"]],["a=1","b=2"],"a=1, b=2",["a=1","b=2"]]`},
		{`let h = new Headers({a: 1}); h.set("a", 2); h.delete("A"); h.has("a")`, "false"},
		{`new Headers({"bad name": 1})`, "TypeError: Invalid header name."},
		{`new Headers({a: "x\ny"})`, "TypeError: Invalid header value."},
		{`new Headers([["a"]])`, "TypeError: To initialize a Headers object from a sequence, each inner sequence must have exactly two elements."},
		{`new Headers(new Headers({q: 1})).get("q")`, "1"},
		{`new Headers(new Map([["m", "1"]])).get("m")`, "1"},
		{`fixed.set("a", 1)`, "TypeError: Can't modify immutable headers."},
		{`fixed.get("k")`, "v"},
		{`let s = ""; new Headers({a: 1, b: 2}).forEach((v, k, h) => s += k + v + (h instanceof Headers)); s`, "a1trueb2true"},
		{`new Headers({é: 1})`, "TypeError: Invalid header name."},
		{`new Headers({a: "é"}).get("a")`, "é"},
	}
	for _, tt := range tests {
		js := jsg.New(jsg.Options{Flag: func(string) bool { return true }})
		js.DefineHidden(js.Global(), "Headers", class.Constructor(js))
		js.Global().Set("fixed", New(http.Header{"K": {"v"}}, true).Wrap(js))
		v, err := js.Run(jsg.MustCompile("t.js", tt.source))
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = v.String()
		}
		if got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.source, got, tt.want)
		}
	}
}

// FuzzNormalize: a name or value is refused, or one that HTTP can carry.
func FuzzNormalize(f *testing.F) {
	f.Add("X-A", " v\t")
	f.Add("a b", "\r\nx: y")
	f.Fuzz(func(t *testing.T, name, value string) {
		h := http.Header{}
		if add(h, name, value) != nil {
			return
		}
		for k, list := range h {
			if !httpguts.ValidHeaderFieldName(k) || strings.ContainsAny(list[0], "\r\n\x00") {
				t.Errorf("%q: %q became %q: %q", name, value, k, list[0])
			}
		}
	})
}
