package bundle

import "bytes"

// scanned is JavaScript as esbuild prints it, with what is code in it told from
// strings, templates, comments and regular expressions.
type scanned struct {
	text []byte
	// code marks the bytes that are code; depth counts the open brackets in
	// front of each.
	code  []bool
	depth []int
}

// scan reads text. It relies on esbuild's spacing to tell a division from a
// regular expression.
func scan(text []byte) *scanned {
	s := &scanned{text: text, code: make([]bool, len(text)+1), depth: make([]int, len(text)+1)}
	var templates []int // depths at which `${` was opened
	depth := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		s.depth[i] = depth
		end := i
		switch {
		case c == '"' || c == '\'':
			end = skipString(text, i)
		case c == '`':
			var open bool
			if end, open = skipTemplate(text, i+1); open {
				templates = append(templates, depth)
				depth++
			}
		case c == '}' && len(templates) > 0 && templates[len(templates)-1] == depth-1:
			depth--
			templates = templates[:len(templates)-1]
			var open bool
			if end, open = skipTemplate(text, i+1); open {
				templates = append(templates, depth)
				depth++
			}
		case c == '/' && i+1 < len(text) && text[i+1] == '/':
			if end = bytes.IndexByte(text[i:], '\n') + i - 1; end < i {
				end = len(text) - 1
			}
		case c == '/' && i+1 < len(text) && text[i+1] == '*':
			if end = bytes.Index(text[i+2:], []byte("*/")) + i + 3; end < i+3 {
				end = len(text) - 1
			}
		case c == '/' && startsRegExp(text, i):
			end = skipRegExp(text, i)
		default:
			s.code[i] = true
			switch c {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth--
			}
			continue
		}
		for ; i < end; i++ {
			s.depth[i+1] = depth
		}
	}
	s.depth[len(text)] = depth
	return s
}

// skipString gives the last byte of the string that starts at i.
func skipString(text []byte, i int) int {
	for j := i + 1; j < len(text); j++ {
		switch text[j] {
		case '\\':
			j++
		case text[i]:
			return j
		}
	}
	return len(text) - 1
}

// skipTemplate gives the last byte of template text: a back quote, or the brace
// of a substitution it opens.
func skipTemplate(text []byte, i int) (end int, open bool) {
	for j := i; j < len(text); j++ {
		switch {
		case text[j] == '\\':
			j++
		case text[j] == '`':
			return j, false
		case text[j] == '$' && j+1 < len(text) && text[j+1] == '{':
			return j + 1, true
		}
	}
	return len(text) - 1, false
}

func skipRegExp(text []byte, i int) int {
	class := false
	for j := i + 1; j < len(text); j++ {
		switch text[j] {
		case '\\':
			j++
		case '[':
			class = true
		case ']':
			class = false
		case '/':
			if !class {
				return j
			}
		case '\n':
			return i
		}
	}
	return i
}

// startsRegExp reports whether the slash at i is no division, which has an
// operand in front of it.
func startsRegExp(text []byte, i int) bool {
	before := bytes.TrimRight(text[:i], " \n")
	if len(before) == 0 {
		return true
	}
	switch c := before[len(before)-1]; {
	case c == ')' || c == ']' || c == '}':
		return i+1 < len(text) && text[i+1] != ' '
	case c == '"' || c == '\'' || c == '`':
		return false
	case isIdent(c):
		switch string(before[startOfIdent(before):]) {
		case "return", "typeof", "case", "in", "of", "do", "else", "void", "delete", "throw", "new", "await", "yield", "instanceof", "default":
			return true
		}
		return false
	}
	return true
}

// statements splits the text into top-level statements, each with the lines it
// takes; esbuild begins each at the start of a line.
func (s *scanned) statements() (out []span) {
	start := 0
	for i := 0; i <= len(s.text); i++ {
		if i < len(s.text) && (s.text[i] != '\n' || s.depth[i] != 0 || !s.code[i]) {
			continue
		}
		next := i + 1
		if next < len(s.text) && (s.text[next] == ' ' || s.text[next] == '}' || s.text[next] == ')') {
			continue
		}
		if start < i {
			out = append(out, span{start, min(next, len(s.text))})
		}
		start = next
	}
	return out
}

// span is a part of a text.
type span struct{ from, to int }

// calls yields the places where one of the objects has one of its methods
// called, and the method's name.
func (s *scanned) calls(objects []string, methods map[string]bool) (out []call) {
	for i := 0; i < len(s.text); i++ {
		if !s.code[i] || i > 0 && (isIdent(s.text[i-1]) || s.text[i-1] == '.') {
			continue
		}
		for _, o := range objects {
			rest, ok := bytes.CutPrefix(s.text[i:], []byte(o+"."))
			if !ok {
				continue
			}
			n := 0
			for n < len(rest) && isIdent(rest[n]) {
				n++
			}
			if method := string(rest[:n]); methods[method] && n < len(rest) && rest[n] == '(' {
				out = append(out, s.call(i, method, i+len(o)+1+n))
			}
		}
	}
	return out
}

// call is a method call: where it is, and where its first argument is.
type call struct {
	span
	method string
	first  span
}

// call reads the call whose parenthesis is at open.
func (s *scanned) call(at int, method string, open int) call {
	c := call{span: span{at, len(s.text)}, method: method, first: span{open + 1, -1}}
	for i := open + 1; i < len(s.text); i++ {
		if !s.code[i] {
			continue
		}
		if s.text[i] == ',' && s.depth[i] == s.depth[open]+1 && c.first.to < 0 {
			c.first.to = i
		}
		if s.text[i] == ')' && s.depth[i] == s.depth[open]+1 {
			c.to = i + 1
			if c.first.to < 0 {
				c.first.to = i
			}
			break
		}
	}
	return c
}
