package bundle

import "bytes"

// asyncReturns corrects esbuild's helper of async generators, which ends a
// finally block at its first await when the generator is returned from: there it
// resumes with return again, which only a delegation with yield* wants.
func asyncReturns(code []byte) []insertion {
	var out []insertion
	const comparison = `==="return"?`
	for at := range indexes(code, comparison) {
		at += len(comparison) - 1
		_, rest, ok := bytes.Cut(code[at:min(at+100, len(code))], []byte(`:"next",`))
		if !ok {
			continue
		}
		name, _, ok := bytes.Cut(rest, []byte("[1]?{done:"))
		if ok && len(name) < 20 {
			out = append(out, insertion{at: at, text: "&&" + string(name) + "[1]"})
		}
	}
	return out
}

// farEscapes writes escapes of the last plane as the two units they are, since
// the engine's parser knows none beyond \u{fffff}.
func farEscapes(code []byte) []insertion {
	const digits = "0123456789abcdef"
	var out []insertion
	for at := range indexes(code, `\u{10`) {
		end := at + len(`\u{10`)
		var low uint32
		n := 0
		for ; n < 4 && end < len(code); n++ {
			d := bytes.IndexByte([]byte(digits), code[end]|0x20)
			if d < 0 {
				break
			}
			low = low<<4 | uint32(d)
			end++
		}
		if n < 4 || end >= len(code) || code[end] != '}' || escaped(code, at) {
			continue
		}
		unit := func(u uint32) string {
			return `\u` + string([]byte{digits[u>>12&15], digits[u>>8&15], digits[u>>4&15], digits[u&15]})
		}
		out = append(out, insertion{at: at, drop: end + 1 - at, text: unit(0xDBC0|low>>10) + unit(0xDC00|low&0x3FF)})
	}
	return out
}

// longestParameters is how far the end of an arrow function's parameters is looked for.
const longestParameters = 4000

// arrowPatterns finds arrow functions that have [b = 1] = [] among several
// parameters, and returns the commas behind their last one. The engine's parser
// takes parameters for an expression first and fails to turn such a pattern into
// what it is; a comma at the end, which no expression has, makes it read them as
// parameters at once.
func arrowPatterns(code []byte) []insertion {
	var out []insertion
	last := -1
	for at := range indexes(code, "]=") {
		start := openBracket(code, at)
		if start <= 0 || !bytes.ContainsRune(code[start:at], '=') || bytes.IndexByte([]byte("(,:[."), code[start-1]) < 0 {
			continue
		}
		for start > 0 && code[start] != '(' {
			if code[start] == ';' {
				break
			}
			start = openBracket(code, start)
		}
		if start < 0 || code[start] != '(' {
			continue
		}
		end := closeBracket(code[:min(len(code), start+longestParameters)], start)
		if end <= last || !bytes.HasPrefix(code[end:], []byte(")=>")) || code[end-1] == ',' || restLast(code[start+1:end]) {
			continue
		}
		out = append(out, insertion{at: end, text: ","})
		last = end
	}
	return out
}

// awaitInDefaults finds async arrow functions in parentheses, where they may be
// default values of parameters, whose body is an expression. The engine's parser
// takes an await in it for one in the parameters, where there may be none, but
// knows better in a body with brackets.
func awaitInDefaults(code []byte) []insertion {
	const head = "=async"
	var out []insertion
	for at := range indexes(code, head) {
		near := code[at:min(len(code), at+longestParameters)]
		arrow := bytes.Index(near, []byte("=>"))
		if next := near[len(head)]; arrow < 0 || next != '(' && next != ' ' || near[arrow+len("=>")] == '{' {
			continue
		}
		body := at + arrow + len("=>")
		end := body + endOfValue(code[body:at+len(near)])
		if end < len(code) && bytes.Contains(code[body:end], []byte("await")) && inParentheses(code, at) {
			out = append(out, insertion{at: body, text: "{return "}, insertion{at: end, text: "}"})
		}
	}
	return out
}

// inParentheses reports whether code[i] may be between parameters. It knows
// brackets but not strings.
func inParentheses(code []byte, i int) bool {
	depth := 0
	for first := max(0, i-longestParameters); i > first; {
		i--
		switch code[i] {
		case ')', ']', '}':
			depth++
		case '[', '{':
			depth = max(depth-1, 0)
		case '(':
			if depth == 0 {
				return true
			}
			depth--
		case ';':
			if depth == 0 {
				return false
			}
		}
	}
	return false
}

// endOfValue is where the expression that text starts with ends: at a comma, a
// semicolon, a bracket it did not open, or with the text.
func endOfValue(text []byte) int {
	s := scan(text)
	for i, c := range text {
		if s.code[i] && s.depth[i] <= 0 && bytes.IndexByte([]byte(",;)]}"), c) >= 0 {
			return i
		}
	}
	return len(text)
}

// openBracket is the bracket that is open at code[i], -1 if there is none near;
// closeBracket the partner of that at code[i], -1 if there is none. They know no
// strings.
func openBracket(code []byte, i int) int {
	const near = 2000
	depth := 0
	for first := max(0, i-near); i > first; {
		i--
		switch code[i] {
		case ')', ']', '}':
			depth++
		case '(', '[', '{':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

func closeBracket(code []byte, i int) int {
	depth := 0
	for at := i; at < len(code); at++ {
		switch code[at] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return at
			}
		}
	}
	return -1
}

// restLast reports whether parameters may end with ...rest, after which there
// must be no comma.
func restLast(params []byte) bool {
	return bytes.LastIndex(params, []byte("...")) > bytes.LastIndexAny(params, "=]")
}

// superInGenerators corrects esbuild's async generators, which have super inside
// of a function that has none, and returns an arrow function outside of it that
// reads super's members, and the calls of it. Setting one stays an error.
func superInGenerators(code []byte) []insertion {
	const head = "{return __asyncGenerator(this,"
	var out []insertion
	for at := range indexes(code, head) {
		n := bytes.Index(code[at:min(at+100, len(code))], []byte("function*(){"))
		if n < 0 {
			continue
		}
		start := at + n + len("function*()")
		body := code[start:max(start, closeBracket(code, start))]
		var calls []insertion
		for i := range indexes(body, "super") {
			if in, ok := superRead(body, i); ok && (i == 0 || !isIdent(body[i-1]) && body[i-1] != '.') {
				in.at += start
				calls = append(calls, in)
			}
		}
		if len(calls) > 0 {
			out = append(out, insertion{at: at + 1, text: "const __mw_s=k=>super[k];"})
			for _, in := range calls {
				out = append(out, in)
				if call := in.at + in.drop; code[call] == '(' {
					out = append(out, insertion{at: call, drop: 1, text: ".call(this,"})
				}
			}
		}
	}
	return out
}

// superRead replaces super.name at body[i], unless that belongs to a method in
// the body or is assigned to.
func superRead(body []byte, i int) (insertion, bool) {
	from := i + len("super.")
	to := from
	for to < len(body) && isIdent(body[to]) {
		to++
	}
	if to == from || body[from-1] != '.' || inMethod(body, i) {
		return insertion{}, false
	}
	if to+1 < len(body) && body[to] == '=' && body[to+1] != '=' {
		return insertion{}, false
	}
	return insertion{at: i, drop: to - i, text: `__mw_s("` + string(body[from:to]) + `")`}, true
}

// inMethod reports whether body[i] is in a function in it that is no arrow.
func inMethod(body []byte, i int) bool {
	depth := 0
	for at := i - 1; at > 0; at-- {
		switch body[at] {
		case '}', ')', ']':
			depth++
		case '(', '[':
			depth = max(depth-1, 0)
		case '{':
			if depth > 0 {
				depth--
			} else if body[at-1] == ')' && isFunctionHead(body[:at-1]) {
				return true
			}
		}
	}
	return false
}

// escaped reports whether the character at a place follows a backslash that
// begins an escape.
func escaped(code []byte, at int) bool {
	n := 0
	for at-n > 0 && code[at-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}
