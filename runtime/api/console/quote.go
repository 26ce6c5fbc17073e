package console

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/miniworker/miniworker/runtime/jsg"
)

const (
	maxString = 10000
	minBroken = 16 // shorter texts are not broken into lines
)

// quoted is a string within a value: in the quotes it does not contain, and
// broken after its line ends where it is too long for one line.
func (p *printer) quoted(v jsg.Value) string {
	s, more := v.String(), ""
	if n := len(s); n > maxString {
		s = strings.ToValidUTF8(s[:maxString], "")
		more = fmt.Sprintf("... %d more characters", n-len(s))
	} else if strings.ContainsRune(s, '\uFFFD') {
		return quote(s, jsg.UTF16Of(v))
	}
	if len(s) <= minBroken || len(s) <= lineWidth-p.indent-4 || !strings.Contains(strings.TrimSuffix(s, "\n"), "\n") {
		return quote(s, nil) + more
	}
	lines := strings.SplitAfter(s, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	for i := range lines {
		lines[i] = quote(lines[i], nil)
	}
	return strings.Join(lines, " +\n"+strings.Repeat(" ", p.indent+2)) + more
}

// quote escapes s, or its code units where s cannot hold them.
func quote(s string, units []uint16) string {
	mark := '\''
	if strings.Contains(s, "'") {
		if !strings.Contains(s, `"`) {
			mark = '"'
		} else if !strings.ContainsAny(s, "`") && !strings.Contains(s, "${") {
			mark = '`'
		}
	}
	var b strings.Builder
	b.WriteRune(mark)
	if units == nil {
		for _, r := range s {
			escape(&b, r, mark)
		}
	}
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) {
			if i+1 == len(units) || utf16.DecodeRune(r, rune(units[i+1])) == '\uFFFD' {
				fmt.Fprintf(&b, `\u%x`, r)
				continue
			}
			i++
			r = utf16.DecodeRune(r, rune(units[i]))
		}
		escape(&b, r, mark)
	}
	b.WriteRune(mark)
	return b.String()
}

func escape(b *strings.Builder, r, mark rune) {
	switch {
	case r == '\b':
		b.WriteString(`\b`)
	case r == '\t':
		b.WriteString(`\t`)
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\f':
		b.WriteString(`\f`)
	case r == '\r':
		b.WriteString(`\r`)
	case r < ' ', r >= 0x7f && r < 0xa0:
		fmt.Fprintf(b, `\x%02X`, r)
	case r == '\\', r == mark:
		b.WriteRune('\\')
		b.WriteRune(r)
	default:
		b.WriteRune(r)
	}
}
