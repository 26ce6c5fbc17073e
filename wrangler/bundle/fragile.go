package bundle

import (
	"bytes"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Some things the engine gets wrong are too common to refuse and too rare to
// lower always. A build looks for them in its output and corrects it in place.
// The searches know brackets but not strings, and err on the side of more
// corrections.

// fragileFields finds class fields named get, set or async, which the engine's
// parser takes for the start of an accessor or method, and returns the quotes
// that make them plain.
func fragileFields(code []byte) []insertion {
	var out []insertion
	for at, end := range fragileNames(code) {
		if inClassBody(code, at) {
			out = append(out, insertion{at: at, text: `"`}, insertion{at: end, text: `"`})
		}
	}
	return out
}

// fragileNames yields where such a field may start and end. Plain searches for
// fixed text keep this off the profile of large bundles.
func fragileNames(code []byte) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for _, word := range []string{"get=", "get}", "set=", "set}", "async=", "async}"} {
			for at := range indexes(code, word) {
				end := at + len(word) - 1
				if word[len(word)-1] == '=' && end+1 < len(code) && (code[end+1] == '=' || code[end+1] == '>') {
					continue
				}
				before := bytes.TrimSuffix(code[:at], []byte("static "))
				if len(before) == 0 || !strings.ContainsRune("{;}\n", rune(before[len(before)-1])) {
					continue
				}
				if !yield(at, end) {
					return
				}
			}
		}
	}
}

// indexes yields each place of word in code.
func indexes(code []byte, word string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at := 0; ; at += len(word) {
			i := bytes.Index(code[at:], []byte(word))
			if i < 0 {
				return
			}
			at += i
			if !yield(at) {
				return
			}
		}
	}
}

// inClassBody reports whether what follows code[i] is directly in a class body.
func inClassBody(code []byte, i int) bool {
	depth := 0
	for i--; i > 0; i-- {
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

// arrowArguments finds functions whose arguments an arrow function in them may
// use, which makes the engine fail while running unless the function itself
// mentions them, and returns the statements that do so.
func arrowArguments(code []byte) []insertion {
	const word = "arguments"
	found := map[int]bool{}
	for at := range indexes(code, word) {
		end := at + len(word)
		if at > 0 && (isIdent(code[at-1]) || code[at-1] == '.' && !bytes.HasSuffix(code[:at], []byte("..."))) ||
			end < len(code) && isIdent(code[end]) {
			continue
		}
		if body := aroundArrow(code, at); body > 0 {
			found[body] = true
		}
	}
	var out []insertion
	for _, at := range slices.Sorted(maps.Keys(found)) {
		out = append(out, insertion{at: at, text: word + ";"})
	}
	return out
}

// aroundArrow looks outward from code[i] for the nearest function that is not
// an arrow, and returns where its body starts if an arrow came before it, else
// 0. It knows brackets but not strings.
func aroundArrow(code []byte, i int) int {
	depth, arrow := 0, false
	for i--; i > 0; i-- {
		switch code[i] {
		case ')', ']', '}':
			depth++
		case '(', '[':
			depth = max(depth-1, 0)
		case '>':
			arrow = arrow || depth == 0 && code[i-1] == '='
		case '{':
			if depth > 0 {
				depth--
			} else if code[i-1] == ')' && isFunctionHead(code[:i-1]) && !classHead.Match(code[max(0, i-300):i]) {
				if arrow {
					return i + 1
				}
				return 0
			}
		}
	}
	return 0
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

// renamedClasses finds classes that go by another name in esbuild's output,
// because another name in the bundle is the same (Thing2) or because the
// class uses its own name (class _Thing), and returns the static blocks that
// give the name back. esbuild's keepNames would do it too, but at the price of a
// call for each function object made; without it, functions renamed for that
// reason show their number.
func renamedClasses(code []byte, org *origins) []insertion {
	var out []insertion
	for at := range indexes(code, "=class") {
		start := startOfIdent(code[:at])
		m := classStart.FindSubmatchIndex(code[at:min(at+300, len(code))])
		if m == nil || start == at || start > 0 && code[start-1] == '.' {
			continue
		}
		outer, inner := string(code[start:at]), ""
		if m[2] >= 0 {
			inner = string(code[at+m[2] : at+m[3]])
		}
		if inner == "" && !isDigit(outer[len(outer)-1]) || inner != "" && inner[0] != '_' {
			continue
		}
		name := org.name(start, outer)
		if name == outer && inner == "" || inner != "" && org.startsWith(at+len("="), "class "+inner) {
			continue
		}
		out = append(out, giveName(at+m[1], name))
	}
	// Declared in a function, where a name around it is the same.
	for at := range indexes(code, "class ") {
		m := classNumbered.FindSubmatchIndex(code[at:min(at+300, len(code))])
		if m == nil || at > 0 && (isIdent(code[at-1]) || strings.IndexByte(`=.#"'`, code[at-1]) >= 0) {
			continue
		}
		shown := string(code[at+m[2] : at+m[3]])
		if name := org.name(at+m[2], shown); numbered(shown, name) {
			out = append(out, giveName(at+m[1], name))
		}
	}
	return out
}

// giveName is the static block, at the start of a class's body, for its name.
func giveName(at int, name string) insertion {
	return insertion{at: at, text: `static{__mw_c(this,` + quoteJS(name) + `)}`}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

const classRest = `(?: extends [\w$.]+(?:\([\w$.,]*\))?)?\{`

var (
	classStart    = regexp.MustCompile(`^=class(?: ([\w$]+))?` + classRest)
	classNumbered = regexp.MustCompile(`^class ([\w$]+[0-9])` + classRest)
)
