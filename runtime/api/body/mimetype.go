package body

import "strings"

// MIMEType writes a content type as https://mimesniff.spec.whatwg.org/ has it:
// names in lower case, without spaces between parameters, but for the one that
// workerd writes before a boundary. It is "" for what is no type.
func MIMEType(contentType string) string {
	essence, params, ok := parseMIMEType(contentType)
	if !ok {
		return ""
	}
	var b strings.Builder
	b.WriteString(essence)
	for _, p := range params {
		b.WriteByte(';')
		if p.name == "boundary" {
			b.WriteByte(' ')
		}
		b.WriteString(p.name + "=" + quoteValue(p.value))
	}
	return b.String()
}

// parameter is one of a MIME type.
type parameter struct{ name, value string }

// parameters has each name once, in lower case.
type parameters []parameter

func (list parameters) get(name string) (value string, ok bool) {
	for _, p := range list {
		if p.name == name {
			return p.value, true
		}
	}
	return "", false
}

// parseMIMEType skips parameters that are none; ok is false for what is no type.
func parseMIMEType(contentType string) (essence string, params parameters, ok bool) {
	essence, rest, _ := strings.Cut(contentType, ";")
	typ, subtype, ok := strings.Cut(strings.Trim(essence, httpSpace), "/")
	if subtype = strings.TrimRight(subtype, httpSpace); !ok || !isToken(typ) || !isToken(subtype) {
		return "", nil, false
	}
	for rest != "" {
		var name, value string
		name, rest = cutBefore(strings.TrimLeft(rest, httpSpace), ";=")
		name = strings.ToLower(name)
		if rest == "" {
			break
		}
		if rest[0] == ';' {
			rest = rest[1:]
			continue
		}
		quoted := strings.HasPrefix(rest, `="`)
		value, rest = parameterValue(rest[1:])
		if _, twice := params.get(name); !twice && isToken(name) && (value != "" || quoted) {
			params = append(params, parameter{name, value})
		}
	}
	return strings.ToLower(typ + "/" + subtype), params, true
}

const httpSpace = " \t\r\n"

// parameterValue reads up to the next semicolon and passes it.
func parameterValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ";")
		return strings.TrimRight(value, httpSpace), rest
	}
	var b strings.Builder
	i := 1
	for ; i < len(s) && s[i] != '"'; i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	_, rest, _ = strings.Cut(s[min(i, len(s)):], ";")
	return b.String(), rest
}

func quoteValue(s string) string {
	if isToken(s) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func cutBefore(s, any string) (before, rest string) {
	if i := strings.IndexAny(s, any); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// isToken reports whether s is one of HTTP.
func isToken(s string) bool {
	for _, c := range s {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.ContainsRune("!#$%&'*+-.^_`|~", c):
		default:
			return false
		}
	}
	return s != ""
}
