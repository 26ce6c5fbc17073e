package bundle

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
)

// Some things the engine gets wrong are too common to refuse and too rare to
// lower always. A build looks for them in its output, then corrects it in place
// or repeats itself with more lowering. The searches know brackets but not
// strings, and err on the side of more lowering.

// fragileFields finds class fields named get, set or async, which the engine's
// parser takes for the start of an accessor or method, and returns the quotes
// that make them plain.
func fragileFields(code []byte) []insertion {
	var out []insertion
	for _, m := range fragileField.FindAllSubmatchIndex(code, -1) {
		if inClassBody(code, m[0]) {
			out = append(out, insertion{m[2], `"`}, insertion{m[3], `"`})
		}
	}
	return out
}

var fragileField = regexp.MustCompile(`[{;}\n](?:static )?(get|set|async)(?:=[^=>]|\})`)

// inClassBody reports whether what follows code[i] is directly in a class body.
func inClassBody(code []byte, i int) bool {
	depth := 0
	for ; i > 0; i-- {
		switch code[i] {
		case '}', ')', ']':
			depth++
		case '(', '[':
			depth--
		case '{':
			if depth <= 0 {
				return classHead.Match(code[max(0, i-300):i])
			}
			depth--
		}
	}
	return false
}

var classHead = regexp.MustCompile(`(?:^|[^\w$.])class(?: [\w$]+)?(?: extends[^;{}]+)?$`)

// arrowArguments reports whether an arrow function may use the arguments of the
// function around it, which makes the engine fail while running.
func arrowArguments(code []byte) bool {
	word := []byte("arguments")
	for end := len(code); ; {
		i := bytes.LastIndex(code[:end], word)
		if i < 0 {
			return false
		}
		end = i
		after := i + len(word)
		if i > 0 && (isIdent(code[i-1]) || code[i-1] == '.' && !bytes.HasSuffix(code[:i], []byte("..."))) ||
			after < len(code) && isIdent(code[after]) {
			continue
		}
		if insideArrow(code, i) {
			return true
		}
	}
}

// insideArrow looks outward from code[i] for the nearest function and reports
// whether an arrow comes before it. It knows brackets but not strings.
func insideArrow(code []byte, i int) bool {
	depth := 0
	for i--; i > 0; i-- {
		switch code[i] {
		case ')', ']', '}':
			depth++
		case '(', '[':
			depth = max(depth-1, 0)
		case '>':
			if depth == 0 && code[i-1] == '=' {
				return true
			}
		case '{':
			if depth > 0 {
				depth--
				continue
			}
			if code[i-1] == ')' && isFunctionHead(code[:i-1]) {
				return false
			}
		}
	}
	return false
}

// isFunctionHead reports whether the parenthesis that closes at the end of head
// holds parameters rather than the condition of a statement.
func isFunctionHead(head []byte) bool {
	depth := 1
	for i := len(head) - 1; i >= 0; i-- {
		switch head[i] {
		case ')':
			depth++
		case '(':
			depth--
		}
		if depth == 0 {
			name := head[startOfIdent(head[:i]):i]
			switch string(name) {
			case "if", "for", "while", "switch", "with", "catch", "await":
				return false
			}
			return true
		}
	}
	return false
}

// renamedClass reports whether esbuild had to rename a class because another
// top-level name in the bundle is the same. Its name property would then carry
// a number, and only esbuild's keepNames restores it. Keeping names costs a
// call for each function object made, so it is used for such bundles alone;
// a function (not a class) renamed in another bundle shows its number.
func renamedClass(code, smap []byte) bool {
	const key = `"names": `
	i := bytes.LastIndex(smap, []byte(key))
	if i < 0 || bytes.HasPrefix(smap[i+len(key):], []byte("[]")) {
		return false
	}
	var names []string
	if json.NewDecoder(bytes.NewReader(smap[i+len(key):])).Decode(&names) != nil {
		return true
	}
	for _, m := range numberedClass.FindAllSubmatch(code, -1) {
		if slices.Contains(names, string(m[1])+string(m[2])) {
			return true
		}
	}
	return false
}

var numberedClass = regexp.MustCompile(`\b(?:([\w$]+?)\d+=class|class ([\w$]+?)\d+)\b`)
