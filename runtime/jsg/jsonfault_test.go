package jsg

import (
	"testing"
	"unicode/utf8"
)

func TestJSONFault(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":[1,-2.5e+3,"\u00e9\n",true,false,null,{}]} `: "",
		``:         "Unexpected end of JSON input",
		`{"a":1`:   "Expected ',' or '}' after property value in JSON at position 6 (line 1 column 7)",
		`{"a"`:     "Expected ':' after property name in JSON at position 4 (line 1 column 5)",
		`{a:1}`:    "Expected property name or '}' in JSON at position 1 (line 1 column 2)",
		`"a\u1`:    "Bad Unicode escape in JSON at position 5 (line 1 column 6)",
		`"a\`:      "Unexpected end of JSON input",
		`[nul]`:    `Unexpected token ']', "[nul]" is not valid JSON`,
		`NaN`:      `"NaN" is not valid JSON`,
		`01`:       "Unexpected number in JSON at position 1 (line 1 column 2)",
		"\n\n  x":  "Unexpected token 'x', \"\n\n  x\" is not valid JSON",
		"[\n1\n2]": "Expected ',' or ']' after array element in JSON at position 4 (line 3 column 1)",
		`1e+`:      "Exponent part is missing a number in JSON at position 3 (line 1 column 4)",
		`truex`:    "Unexpected non-whitespace character after JSON at position 4 (line 1 column 5)",
		`<html><body>some long text</body></html>`: `Unexpected token '<', "<html><bod"... is not valid JSON`,
	} {
		if got := jsonFault(text); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
}

func FuzzJSONFault(f *testing.F) {
	f.Add(`{"a":[1,"\ud800",tru]}`)
	f.Fuzz(func(t *testing.T, text string) { jsonFault(text) })
}

// TestJSONParse compares with the engine's own, which a reviver brings.
func TestJSONParse(t *testing.T) {
	js := realm(t)
	source := `const texts = ['1', '-0', '-12.5e-3', '12345678901234567890', '999999999999999', '"a\\n\\u00e9\\ud83d\\ude00é😀"', 'true', ' [1, [], {}, null] ', '{"b":1,"a":{"1":2,"0":[false]},"b":3}', '{"__proto__":{"x":1}}', '{"a\\u0062":1}',
		'01', '1.', '[1,]', '{"a"}', '"\n"', '"\\x"', 'nul', '', ' ', '[1 2]', '{"a":1}}', '-', '1e', '"a', '[', '\ufeff1', '"\\u12g4"', '"\\u+123"'];
	const answer = (...args) => { try { const v = JSON.parse(...args); return JSON.stringify(v) + Object.is(v, -0) + Object.keys(Object(v)) + Object.getPrototypeOf(Object(v)).constructor.name } catch (e) { return e.name } };
	texts.filter((s) => answer(s) !== answer(s, (k, v) => v)).join(" | ") + JSON.parse('"\\ud800"').charCodeAt(0)`
	if got := eval(t, js, source); got != "55296" {
		t.Errorf("differs for %s", got)
	}
}

func FuzzJSONParse(f *testing.F) {
	f.Add(`{"a":[1,"\ud800",true,-0.5e3]}`)
	js := New(Options{})
	f.Fuzz(func(t *testing.T, text string) {
		_, ok := js.parseJSON(text)
		if fault := jsonFault(text); utf8.ValidString(text) && ok && fault != "" {
			t.Errorf("%q is read, but %s", text, fault)
		}
	})
}
