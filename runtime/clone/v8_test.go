package clone

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// eval evaluates an expression.
func eval(t testing.TB, js *jsg.Scope, source string) jsg.Value {
	t.Helper()
	v, err := js.Run(jsg.MustCompile("test.js", "("+source+")"))
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return v
}

// TestReadV8 reads what workerd stored for expressions, and compares with the
// values the expressions have here: our own encoding of both must be the same.
func TestReadV8(t *testing.T) {
	text, err := os.ReadFile("testdata/v8.json")
	if err != nil {
		t.Fatal(err)
	}
	var stored map[string]string
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	if len(stored) < 60 {
		t.Fatalf("only %d values", len(stored))
	}
	for source, value := range stored {
		data, err := hex.DecodeString(value)
		if err != nil {
			t.Fatal(err)
		}
		js := newRealm(t)
		js.Enter(nil, func() {
			v, err := Message{Data: data}.Read(js)
			if err != nil {
				t.Errorf("%s: %v", source, err)
				return
			}
			got, err := Write(js, v, Options{})
			if err != nil {
				t.Errorf("%s: %v", source, err)
				return
			}
			want, err := Write(js, eval(t, js, source), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Data, want.Data) {
				t.Errorf("%s: read as\n%x, want\n%x", source, got.Data, want.Data)
			}
		})
	}
}

// Errors as workerd stored them; their stacks are shortened.
var v8Errors = []struct{ data, want string }{
	{"\xff\x0f\\\n\x01\"\x03owno\"\x05stack\"\x03at!\"\x04codeI\n{\x02", "Error|own|at!|5|true"},
	{"\xff\x0f\\\n\x03\"\x01ro\"\x05stack\"\x03at!{\x01", "RangeError|r|at!||true"},
	{"\xff\x0f\\\n\x00\"\x03Own\"\x04mineo\"\x05stack\"\x03at!\"\x04selfA\x01^\x00$\x00\x01{\x02", "Own|mine|at!||true"},
	{"\xff\x0f\\\n\x0c\"\x02ago\"\x05stack\"\x03at!\"\x06errorsA\x01I\x02$\x00\x01{\x02", "AggregateError|ag|at!||true"},
	{"\xff\x0f\\\x08\nAbortError\x01d\x03at!", "AbortError|d|at!|20|true"},
}

func TestReadV8Errors(t *testing.T) {
	for _, tt := range v8Errors {
		js := newRealm(t)
		js.Enter(nil, func() {
			v, err := Message{Data: []byte(tt.data)}.Read(js)
			if err != nil {
				t.Errorf("%s: %v", tt.want, err)
				return
			}
			show := eval(t, js, `e => [e.name, e.message, e.stack, e.code, e instanceof Error && (!e.self || e.self[0] === e)].join("|")`)
			got, err := js.Call(show, jsg.Undefined, v)
			if err != nil || got.String() != tt.want {
				t.Errorf("got %v, %v, want %s", got, err, tt.want)
			}
		})
	}
}

func FuzzReadV8(f *testing.F) {
	text, err := os.ReadFile("testdata/v8.json")
	if err != nil {
		f.Fatal(err)
	}
	var stored map[string]string
	if err := json.Unmarshal(text, &stored); err != nil {
		f.Fatal(err)
	}
	for _, value := range stored {
		data, _ := hex.DecodeString(value)
		f.Add(data[1:])
	}
	for _, e := range v8Errors {
		f.Add([]byte(e.data[1:]))
	}
	js := newRealm(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		js.Enter(nil, func() {
			_, _ = Message{Data: append([]byte{v8Mark}, data...)}.Read(js) // must not panic
		})
	})
}
