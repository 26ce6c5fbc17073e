package body

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/api/url"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// FormData is an ordered list of entries.
type FormData struct {
	jsg.Instance
	entries []entry
}

// entry has a file or, if that is nil, a value.
type entry struct {
	name  string
	value string
	file  *File
}

var formDataClass = &jsg.Class[FormData]{Name: "FormData"}

// FormDataOf is the brand check.
func FormDataOf(v jsg.Value) (*FormData, bool) { return formDataClass.From(v) }

func init() {
	formDataClass.New = func(js *jsg.Scope, a *jsg.Args) (*FormData, error) {
		return &FormData{}, nil
	}
	formDataClass.Members = jsg.Members[FormData]{
		jsg.Method("append", 2, func(f *FormData, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			e, err := newEntry(a)
			f.entries = append(f.entries, e)
			return jsg.Undefined, err
		}),
		jsg.Method("set", 2, (*FormData).set),
		jsg.Method("delete", 1, func(f *FormData, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			name := a.String(0)
			f.entries = slices.DeleteFunc(f.entries, func(e entry) bool { return e.name == name })
			return jsg.Undefined, a.Err()
		}),
		jsg.Method("get", 1, func(f *FormData, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			name := a.String(0)
			for _, e := range f.entries {
				if e.name == name {
					return e.jsValue(js), nil
				}
			}
			return jsg.Null, a.Err()
		}),
		jsg.Method("getAll", 1, func(f *FormData, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			name := a.String(0)
			var list []jsg.Value
			for _, e := range f.entries {
				if e.name == name {
					list = append(list, e.jsValue(js))
				}
			}
			return js.NewArray(list...), a.Err()
		}),
		jsg.Method("has", 1, func(f *FormData, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			name := a.String(0)
			return js.Bool(slices.ContainsFunc(f.entries, func(e entry) bool { return e.name == name })), a.Err()
		}),
		jsg.Iterable(func(f *FormData, js *jsg.Scope) iter.Seq2[jsg.Value, jsg.Value] {
			return func(yield func(jsg.Value, jsg.Value) bool) {
				for _, e := range f.entries {
					if !yield(js.String(e.name), e.jsValue(js)) {
						return
					}
				}
			}
		}),
	}
}

func newEntry(a *jsg.Args) (entry, error) {
	e := entry{name: a.String(0)}
	b, isBlob := blobClass.From(a.Value(1))
	if !isBlob {
		if a.Len() == 1 {
			a.Mismatch(1, "File or Blob or string")
		}
		e.value = a.String(1)
		return e, a.Err()
	}
	if f, ok := fileClass.From(a.Value(1)); ok && !a.Has(2) {
		e.file = f
		return e, a.Err()
	}
	e.file = &File{Blob: Blob{Data: b.Data, Type: b.Type}, Name: a.OptString(2, e.name)}
	return e, a.Err()
}

func (f *FormData) set(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	e, err := newEntry(a)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(f.entries, func(x entry) bool { return x.name == e.name })
	if at < 0 {
		f.entries = append(f.entries, e)
		return jsg.Undefined, nil
	}
	f.entries[at] = e
	rest := slices.DeleteFunc(f.entries[at+1:], func(x entry) bool { return x.name == e.name })
	f.entries = f.entries[:at+1+len(rest)]
	return jsg.Undefined, nil
}

func (e entry) jsValue(js *jsg.Scope) jsg.Value {
	if e.file != nil {
		return fileClass.Wrap(js, e.file)
	}
	return js.String(e.value)
}

// encode is the multipart/form-data form and its content type.
func (f *FormData) encode() (data []byte, contentType string, err error) {
	boundary := "----miniworker" + rand.Text()
	var b bytes.Buffer
	for _, e := range f.entries {
		if strings.HasSuffix(e.name, `\`) || e.file != nil && strings.HasSuffix(e.file.Name, `\`) {
			return nil, "", jsg.TypeErrorf("Name or filename can't end with backslash")
		}
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, quoteName(e.name))
		if e.file == nil {
			fmt.Fprintf(&b, "\r\n\r\n%s\r\n", e.value)
			continue
		}
		typ := e.file.Type
		if typ == "" {
			typ = "application/octet-stream"
		}
		fmt.Fprintf(&b, "; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n", quoteName(e.file.Name), typ)
		b.Write(e.file.Data)
		b.WriteString("\r\n")
	}
	fmt.Fprintf(&b, "--%s--", boundary)
	return b.Bytes(), "multipart/form-data; boundary=" + boundary, nil
}

var nameQuoter = strings.NewReplacer("\n", "%0A", `"`, "%22", `\`, `\\`)

func quoteName(s string) string { return nameQuoter.Replace(s) }

// parseForm reads a body by its content type, if it has one.
func parseForm(data []byte, contentType string, typed bool) (*FormData, error) {
	if !typed {
		return nil, jsg.TypeErrorf("Parsing a Body as FormData requires a Content-Type header.")
	}
	switch essence, params, _ := parseMIMEType(contentType); essence {
	case "multipart/form-data":
		boundary, ok := params.get("boundary")
		if !ok {
			return nil, jsg.TypeErrorf("No boundary string in Content-Type header. The multipart/form-data MIME type requires a boundary parameter, e.g. 'Content-Type: multipart/form-data; boundary=\"abcd\"'. See RFC 7578, section 4.")
		}
		return parseMultipart(data, boundary)
	case "application/x-www-form-urlencoded":
		if charset, ok := params.get("charset"); ok && !slices.Contains(utf8Names, strings.ToLower(charset)) {
			return nil, jsg.TypeErrorf("Non-utf-8 application/x-www-form-urlencoded body.")
		}
		return parseURLEncoded(string(data)), nil
	}
	return nil, jsg.TypeErrorf("Unrecognized Content-Type header value. FormData can only parse the following MIME types: multipart/form-data, application/x-www-form-urlencoded")
}

var utf8Names = []string{"utf-8", "utf8", "unicode-1-1-utf-8"}

func parseURLEncoded(s string) *FormData {
	f := &FormData{}
	for _, p := range url.ParseForm(wholeEscapes(s)) {
		f.entries = append(f.entries, entry{name: p.Name, value: p.Value})
	}
	return f
}

// wholeEscapes makes escapes what workerd takes them for, in forms but not in
// URLSearchParams: one digit may do, and a percent sign before none is dropped.
func wholeEscapes(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	digit := func(i int) bool {
		return i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i]|0x20 >= 'a' && s[i]|0x20 <= 'f')
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '%':
			b.WriteByte(s[i])
		case digit(i+1) && digit(i+2):
			b.WriteString(s[i : i+3])
			i += 2
		case digit(i + 1):
			b.WriteString("%0" + s[i+1:i+2])
			i++
		}
	}
	return b.String()
}
