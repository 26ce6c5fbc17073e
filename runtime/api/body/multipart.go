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
	if !ok {
		return nil, jsg.TypeErrorf("No initial boundary string (or you have a truncated message).")
	}
	for !bytes.HasPrefix(rest, []byte("--")) {
		_, rest, _ = bytes.Cut(rest, []byte("\n"))
		header, body, ok := cutHeader(rest)
		if !ok {
			return nil, jsg.TypeErrorf("No multipart message header termination found.")
		}
		content, after, err := cutContent(body, delimiter)
		if err != nil {
			return nil, err
		}
		e, err := partEntry(header, content)
		if err != nil {
			return nil, err
		}
		f.entries = append(f.entries, e)
		rest = after
	}
	return f, nil
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

// cutContent cuts at the next line that begins with the delimiter.
func cutContent(body, delimiter []byte) (content, rest []byte, err error) {
	at := bytes.Index(body, append([]byte("\n"), delimiter...))
	if at < 0 {
		return nil, nil, jsg.TypeErrorf("No subsequent boundary string after multipart message.")
	}
	rest = body[at+1+len(delimiter):]
	for _, after := range []string{"\r\n", "\n", "--"} {
		if bytes.HasPrefix(rest, []byte(after)) {
			return bytes.TrimSuffix(body[:at], []byte("\r")), rest, nil
		}
	}
	return nil, nil, jsg.TypeErrorf("Boundary string was not succeeded by CRLF, LF, or '--'.")
}

func partEntry(header string, content []byte) (entry, error) {
	var disposition, contentType string
	for line := range strings.SplitSeq(strings.TrimSuffix(header, "\n"), "\n") {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\r"), ":")
		if !ok || strings.ContainsAny(line[:len(name)], " \t") || strings.ContainsAny(name+value, "\r\x00") {
			return entry{}, jsg.TypeErrorf("FormData part had invalid headers.")
		}
		switch strings.ToLower(name) {
		case "content-disposition":
			disposition = strings.Trim(value, " \t")
		case "content-type":
			contentType = strings.Trim(value, " \t")
		}
	}
	kind, parameters, _ := strings.Cut(disposition, ";")
	if strings.TrimSpace(kind) != "form-data" {
		return entry{}, jsg.TypeErrorf("Content-Disposition header for FormData part must have the value \"form-data\", possibly followed by parameters.")
	}
	params := quotedParameters(parameters)
	name, ok := params["name"]
	if !ok {
		return entry{}, jsg.TypeErrorf("Content-Disposition header in FormData part is missing a name.")
	}
	if filename := params["filename"]; filename != "" {
		return entry{name: name, file: &File{Blob: Blob{Data: content, Type: strings.ToLower(contentType)}, Name: filename}}, nil
	}
	return entry{name: name, value: DecodeUTF8(content)}, nil
}

// quotedParameters reads name="value"; name="value". What is not quoted is left
// out, as in workerd.
func quotedParameters(s string) map[string]string {
	params := map[string]string{}
	for {
		name, rest, ok := strings.Cut(s, "=")
		if !ok {
			return params
		}
		if i := strings.LastIndexByte(name, ';'); i >= 0 {
			name = name[i+1:]
		}
		s = rest
		if !strings.HasPrefix(s, `"`) {
			continue
		}
		value, rest, ok := unquote(s[1:])
		if !ok {
			return params
		}
		params[strings.ToLower(strings.TrimSpace(name))] = value
		s = rest
	}
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
