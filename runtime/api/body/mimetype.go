package body

import "strings"

// MIMEType writes a content type as https://mimesniff.spec.whatwg.org/ has it:
// names in lower case, without spaces between parameters. It is "" for what is
// no type.
func MIMEType(contentType string) string {
	essence, rest, _ := strings.Cut(contentType, ";")
	typ, subtype, ok := strings.Cut(strings.Trim(essence, httpSpace), "/")
	if subtype = strings.TrimRight(subtype, httpSpace); !ok || !isToken(typ) || !isToken(subtype) {
		return ""
	}
	var b strings.Builder
	b.WriteString(strings.ToLower(typ + "/" + subtype))
	seen := map[string]bool{}
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
		if value, rest = parameterValue(rest[1:]); isToken(name) && value != "" && !seen[name] {
			seen[name] = true
			b.WriteString(";" + name + "=" + quoteValue(value))
		}
	}
	return b.String()
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
