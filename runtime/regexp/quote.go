package regexp

import "strings"

// Escape is RegExp.escape.
func Escape(units []uint16) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i, r := range decode(units) {
		switch {
		case i == 0 && r < 128 && words.has(r) && r != '_':
			b.WriteString(`\x` + string(hex[r>>4]) + string(hex[r&15]))
		case strings.ContainsRune(`^$\.*+?()[]{}|/`, r):
			b.WriteString(`\` + string(r))
		case r >= '\t' && r <= '\r':
			b.WriteString(`\` + string("tnvfr"[r-'\t']))
		case r < 128 && strings.ContainsRune(",-=<>#&!%:;@~'`\" ", r), r == 0xA0:
			b.WriteString(`\x` + string(hex[r>>4]) + string(hex[r&15]))
		case r >= 0xD800 && r <= 0xDFFF, spaces.has(r):
			b.WriteString(`\u` + string(hex[r>>12]) + string(hex[r>>8&15]) + string(hex[r>>4&15]) + string(hex[r&15]))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
