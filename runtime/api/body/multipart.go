package body

import (
	"bytes"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// parseMultipart reads multipart/form-data as workerd does. The reader of Go's
// library is stricter with headers: names with control characters, which forms
// may have, are not for it.
func parseMultipart(data []byte, boundary string) (*FormData, error) {
	delimiter := []byte("--" + boundary)
	f := &FormData{}
	_, rest, ok := bytes.Cut(data, delimiter)
	if !ok || len(rest) == 0 {
		return nil, jsg.TypeErrorf("No initial boundary string (or you have a truncated message).")
	}
	for {
		part, last, err := cutBoundaryEnd(rest)
		if last || err != nil {
			return f, err
		}
		header, body, ok := cutHeader(part)
		if !ok {
			return nil, jsg.TypeErrorf("No multipart message header termination found.")
		}
		e, err := readHeader(header)
		if err != nil {
			return nil, err
		}
		content, after, ok := bytes.Cut(body, append([]byte("\n"), delimiter...))
		if !ok || len(after) == 0 {
			return nil, jsg.TypeErrorf("No subsequent boundary string after multipart message.")
		}
		e.fill(bytes.TrimSuffix(content, []byte("\r")))
		f.entries = append(f.entries, e)
		rest = after
	}
}

// cutBoundaryEnd cuts what ends a line with a boundary; dashes end the form.
func cutBoundaryEnd(b []byte) (rest []byte, last bool, err error) {
	for _, end := range []string{"\n", "\r\n", "--"} {
		if rest, ok := bytes.CutPrefix(b, []byte(end)); ok {
			return rest, end == "--", nil
		}
	}
	return nil, false, jsg.TypeErrorf("Boundary string was not succeeded by CRLF, LF, or '--'.")
}

// cutHeader cuts a part at the first empty line.
func cutHeader(part []byte) (header string, body []byte, ok bool) {
	for at := 0; ; {
		end := bytes.IndexByte(part[at:], '\n')
		if end < 0 {
			return "", nil, false
		}
		at += end + 1
		if next := bytes.TrimPrefix(part[at:], []byte("\r")); len(next) > 0 && next[0] == '\n' {
			return string(part[:at]), next[1:], true
		}
	}
}

// readHeader makes the entry of a part, whose content is still to come.
func readHeader(header string) (entry, error) {
	var disposition, contentType string
	for line := range strings.SplitSeq(strings.TrimSuffix(header, "\n"), "\n") {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\r"), ":")
		if !ok || strings.ContainsAny(line[:len(name)], " \t") || strings.ContainsAny(name+value, "\r\x00") {
			return entry{}, jsg.TypeErrorf("FormData part had invalid headers.")
		}
		switch strings.ToLower(name) {
		case "content-disposition":
			addValue(&disposition, value)
		case "content-type":
			addValue(&contentType, value)
		}
	}
	if disposition == "" {
		return entry{}, jsg.TypeErrorf("No valid Content-Disposition header found in FormData part.")
	}
	kind, params := parseDisposition(disposition)
	if kind == "" {
		return entry{}, jsg.TypeErrorf("Invalid Content-Disposition header found in FormData part.")
	}
	if kind != "form-data" {
		return entry{}, jsg.TypeErrorf("Content-Disposition header for FormData part must have the value \"form-data\", possibly followed by parameters. Got: \"%s\"", kind)
	}
	name, ok := params["name"]
	if !ok {
		return entry{}, jsg.TypeErrorf("Content-Disposition header in FormData part is missing a name.")
	}
	if filename, ok := params["filename"]; ok {
		return entry{name: name, file: &File{Blob: Blob{Type: contentType}, Name: filename}}, nil
	}
	return entry{name: name}, nil
}

// addValue joins the values of a header that comes twice.
func addValue(to *string, value string) {
	value = strings.Trim(value, " \t")
	if *to != "" {
		value = *to + ", " + value
	}
	*to = value
}

func (e *entry) fill(content []byte) {
	if e.file != nil {
		e.file.Data = content
		return
	}
	e.value = DecodeUTF8(content)
}

const dispositionSpace = " \t\r\n\v\f"

// parseDisposition reads form-data; name="value"; … up to what is not written
// like that: workerd does not look at what follows.
func parseDisposition(s string) (kind string, params map[string]string) {
	kind, s = cutIdentifier(s)
	params = map[string]string{}
	for {
		rest, ok := strings.CutPrefix(s, ";")
		if !ok {
			return kind, params
		}
		name, rest := cutIdentifier(rest)
		rest, ok = strings.CutPrefix(rest, "=")
		if !ok || name == "" {
			return kind, params
		}
		rest, ok = strings.CutPrefix(strings.TrimLeft(rest, dispositionSpace), `"`)
		if !ok {
			return kind, params
		}
		value, rest, ok := unquote(rest)
		if !ok || value == "" {
			return kind, params
		}
		params[name] = value
		s = strings.TrimLeft(rest, dispositionSpace)
	}
}

// cutIdentifier cuts a name of letters, digits, _ and -, and the space around it.
func cutIdentifier(s string) (name, rest string) {
	s = strings.TrimLeft(s, dispositionSpace)
	rest = strings.TrimLeftFunc(s, func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
	})
	return s[:len(s)-len(rest)], strings.TrimLeft(rest, dispositionSpace)
}

// unquote reads up to the closing quote; a backslash stands before any character.
func unquote(s string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return DecodeUTF8([]byte(b.String())), s[i+1:], true
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}
