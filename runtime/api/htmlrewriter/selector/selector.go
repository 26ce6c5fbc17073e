// Package selector is the CSS selectors HTMLRewriter takes: types, classes,
// ids, attributes, child and descendant combinators, :nth-child(),
// :nth-of-type(), :first-child, :first-of-type, :not() and lists.
//
// An element is matched when its start tag is read, by itself and by what its
// ancestors matched; what depends on later markup (:last-child, :has(), the
// sibling combinators) does not exist, as in workerd.
//
// Where the truth is: https://www.w3.org/TR/selectors-4/,
// https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/#selectors,
// and error texts as observed on workerd.
package selector

import "strings"

// Element is what a selector asks of a start tag.
type Element interface {
	// Name is the tag name in lower case.
	Name() string
	// Attr is the value of an attribute, by its name in lower case.
	Attr(name string) (string, bool)
	// Index and TypeIndex count the element among its siblings, and those of its
	// name, from 1.
	Index() int
	TypeIndex() int
}

// List is a parsed selector list.
type List []complexSelector

// complexSelector is compounds joined by combinators; child[i] tells whether
// compound i+1 must be a child of compound i rather than a descendant.
type complexSelector struct {
	compounds []compound
	child     []bool
	// types is set if it asks for TypeIndex.
	types bool
}

// compound is simple selectors that must all match.
type compound []simple

type simple func(Element) bool

func (c compound) match(e Element) bool {
	for _, s := range c {
		if !s(e) {
			return false
		}
	}
	return true
}

// Set is the selectors of a document, matched together.
type Set struct {
	lists []List
	first []state
	// CountsTypes tells whether TypeIndex will be asked for.
	CountsTypes bool
}

// Add puts a list into the set; matches report it by its number, from 0.
func (s *Set) Add(l List) {
	for i := range l {
		s.first = append(s.first, state{owner: len(s.lists), selector: &l[i]})
		s.CountsTypes = s.CountsTypes || l[i].types
	}
	s.lists = append(s.lists, l)
}

// state is a selector of which the compounds before pos have matched ancestors.
type state struct {
	owner    int
	selector *complexSelector
	pos      int
}

// Open is what the descendants of an open element need to know about it. The
// zero value stands for the document.
type Open struct{ children, descendants []state }

// Match gives the numbers of the lists that match e, in order and each once,
// and the Open of e for its descendants.
func (s *Set) Match(e Element, parent Open) (matched []int, open Open) {
	open.descendants = parent.descendants
	shared := true // descendants is still the parent's
	for _, candidates := range [][]state{s.first, parent.children, parent.descendants} {
		for _, c := range candidates {
			if !c.selector.compounds[c.pos].match(e) {
				continue
			}
			next := state{c.owner, c.selector, c.pos + 1}
			switch {
			case next.pos == len(c.selector.compounds):
				matched = insert(matched, c.owner)
			case c.selector.child[c.pos]:
				open.children = append(open.children, next)
			case !contains(open.descendants, next):
				if shared {
					open.descendants = append([]state(nil), open.descendants...)
					shared = false
				}
				open.descendants = append(open.descendants, next)
			}
		}
	}
	return matched, open
}

func contains(list []state, s state) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// insert keeps list sorted and without doubles.
func insert(list []int, n int) []int {
	for i, x := range list {
		if x == n {
			return list
		}
		if x > n {
			return append(list[:i], append([]int{n}, list[i:]...)...)
		}
	}
	return append(list, n)
}

func named(name string) simple {
	name = strings.ToLower(name)
	return func(e Element) bool { return e.Name() == name }
}

func hasClass(name string) simple {
	return func(e Element) bool {
		v, ok := e.Attr("class")
		return ok && hasWord(v, name, false)
	}
}

func hasID(id string) simple {
	return func(e Element) bool {
		v, ok := e.Attr("id")
		return ok && v == id
	}
}

func hasWord(list, word string, fold bool) bool {
	for w := range strings.FieldsFuncSeq(list, isSpace) {
		if w == word || fold && equalFold(w, word) {
			return true
		}
	}
	return false
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }

// equalFold ignores the case of ASCII letters only.
func equalFold(a, b string) bool {
	return len(a) == len(b) && asciiLower(a) == asciiLower(b)
}

func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}

// nth matches positions a·n+b for n ≥ 0.
func nth(a, b int, index func(Element) int) simple {
	return func(e Element) bool {
		i := index(e) - b
		if a == 0 {
			return i == 0
		}
		return i%a == 0 && i/a >= 0
	}
}

// not refuses an element that matches any part of any compound: :not(a.b) is
// read as :not(a, .b), as workerd does.
func not(list List) simple {
	return func(e Element) bool {
		for _, c := range list {
			for _, s := range c.compounds[0] {
				if s(e) {
					return false
				}
			}
		}
		return true
	}
}

// foldedAttributes are those whose values HTML compares without case where the
// selector does not say otherwise.
const foldedAttributes = " accept accept-charset align alink axis bgcolor charset checked clear codetype color compact" +
	" declare defer dir direction disabled enctype face frame hreflang http-equiv lang language link media method" +
	" multiple nohref noresize noshade nowrap readonly rel rev rules scope scrolling selected shape target text type" +
	" valign valuetype vlink "

// attribute matches by an operator, "" for mere presence. flag is 'i', 's' or 0.
func attribute(name, op, want string, flag byte) simple {
	name = strings.ToLower(name)
	fold := flag == 'i' || flag == 0 && strings.Contains(foldedAttributes, " "+name+" ")
	if fold {
		want = asciiLower(want)
	}
	return func(e Element) bool {
		v, ok := e.Attr(name)
		if !ok {
			return false
		}
		if fold {
			v = asciiLower(v)
		}
		switch op {
		case "":
			return true
		case "=":
			return v == want
		case "~=":
			return want != "" && hasWord(v, want, false)
		case "|=":
			return v == want || strings.HasPrefix(v, want) && strings.HasPrefix(v[len(want):], "-")
		case "^=":
			return want != "" && strings.HasPrefix(v, want)
		case "$=":
			return want != "" && strings.HasSuffix(v, want)
		}
		return want != "" && strings.Contains(v, want) // *=
	}
}
