package htmlrewriter

import "strings"

// namespaces tells HTML, SVG and MathML elements apart, without a tree: what
// opened a namespace ends it.
type namespaces struct {
	stack   []scope
	current string // of the start tag at hand, "" for HTML
}

// scope is content of another namespace than that around it.
type scope struct {
	content string // "svg", "math", "" for HTML
	by      string // the element it is the content of
	depth   int    // how many of those are open in it
}

func (n *namespaces) inside() string {
	if len(n.stack) == 0 {
		return ""
	}
	return n.stack[len(n.stack)-1].content
}

// foreign tells whether the start tag at hand, or else the content, is SVG or
// MathML.
func (n *namespaces) foreign() bool { return n.current != "" }

func (n *namespaces) uri() string {
	switch n.current {
	case "svg":
		return "http://www.w3.org/2000/svg"
	case "math":
		return "http://www.w3.org/1998/Math/MathML"
	}
	return "http://www.w3.org/1999/xhtml"
}

// start finds the namespace of a start tag.
func (n *namespaces) start(t *tag) {
	if inside := n.inside(); inside != "" && breaksOut(t) {
		for n.inside() != "" {
			n.stack = n.stack[:len(n.stack)-1]
		}
	}
	n.current = n.inside()
	if n.current == "" && (t.name == "svg" || t.name == "math") {
		n.current = t.name
	}
}

// after goes on to the content of a start tag.
func (n *namespaces) after(t *tag) {
	element := n.current
	switch {
	case t.selfClosing && element != "":
	case element != n.inside():
		n.stack = append(n.stack, scope{content: element, by: t.name})
	case element != "" && integrates(element, t):
		n.stack = append(n.stack, scope{by: t.name})
	case len(n.stack) > 0 && n.stack[len(n.stack)-1].by == t.name && !(element == "" && void(t.name)):
		n.stack[len(n.stack)-1].depth++
	}
	n.current = n.inside()
}

func (n *namespaces) end(name string) {
	if i := len(n.stack) - 1; i >= 0 && n.stack[i].by == name {
		if n.stack[i].depth == 0 {
			n.stack = n.stack[:i]
		} else {
			n.stack[i].depth--
		}
	}
	n.current = n.inside()
}

// integrates tells whether a foreign element has HTML as its content.
func integrates(namespace string, t *tag) bool {
	if namespace == "svg" {
		return t.name == "foreignobject" || t.name == "desc" || t.name == "title"
	}
	switch t.name {
	case "mi", "mo", "mn", "ms", "mtext":
		return true
	case "annotation-xml":
		encoding, _ := t.get("encoding")
		return strings.EqualFold(encoding, "text/html") || strings.EqualFold(encoding, "application/xhtml+xml")
	}
	return false
}

const breakouts = " b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing" +
	" menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var "

// breaksOut tells whether a start tag ends foreign content.
func breaksOut(t *tag) bool {
	if t.name != "font" {
		return strings.Contains(breakouts, " "+t.name+" ")
	}
	for _, name := range []string{"color", "face", "size"} {
		if _, ok := t.get(name); ok {
			return true
		}
	}
	return false
}
