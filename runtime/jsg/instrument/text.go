package instrument

import (
	"bytes"
	"unicode/utf8"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// text is the script with what is in quotes painted over, so that each bracket
// in it is one. The parser drops parentheses that only group, which is why the
// places it gives have to be corrected with them.
type text struct {
	code  []byte
	match map[int]int // each bracket's partner
}

func offset(i file.Idx) int { return int(i) - 1 }

func newText(script []byte, program *ast.Program) *text {
	t := &text{code: append([]byte(nil), script...), match: map[int]int{}}
	var paint func(n ast.Node)
	paint = func(n ast.Node) {
		switch n := n.(type) {
		case *ast.StringLiteral:
			t.paint(offset(n.Idx), len(n.Literal))
		case *ast.RegExpLiteral:
			t.paint(offset(n.Idx), len(n.Literal))
		case *ast.TemplateElement:
			t.paint(beginning(script, offset(n.Idx), n.Literal), len(n.Literal))
		}
		children(n, paint)
	}
	for _, s := range program.Body {
		paint(s)
	}
	var open []int
	for i, c := range t.code {
		switch c {
		case '(', '[', '{':
			open = append(open, i)
		case ')', ']', '}':
			if n := len(open); n > 0 {
				t.match[open[n-1]], t.match[i] = i, open[n-1]
				open = open[:n-1]
			}
		}
	}
	return t
}

// beginning is where a part of a template begins; the place that the parser gives
// is after its first character.
func beginning(script []byte, at int, literal string) int {
	for i := at; i > 0 && i >= at-utf8.UTFMax; i-- {
		if c := script[i-1]; (c == '`' || c == '}') && bytes.HasPrefix(script[i:], []byte(literal)) {
			return i
		}
	}
	return at
}

func (t *text) paint(from, n int) {
	for i := max(from, 0); i < min(from+n, len(t.code)); i++ {
		t.code[i] = 'x'
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// before and after are the nearest bytes that are no space.
func (t *text) before(at int) int {
	for at--; at >= 0 && isSpace(t.code[at]); at-- {
	}
	return at
}

func (t *text) after(at int) int {
	for at < len(t.code) && isSpace(t.code[at]) {
		at++
	}
	return at
}

// find is the first c from at on.
func (t *text) find(at int, c byte) int {
	for at < len(t.code) && t.code[at] != c {
		at++
	}
	return at
}

// balanced is where a node is, with the brackets that belong to it.
func (t *text) balanced(n ast.Node) Range {
	r := Range{offset(n.Idx0()), offset(n.Idx1())}
	if u, ok := n.(*ast.UnaryExpression); ok && u.Postfix {
		r = t.balanced(u.Operand)
		r.End = t.after(t.grouped(r).End) + len("++")
	}
	for i := r.Start; i < r.End; i++ {
		switch t.code[i] {
		case '(', '[', '{':
			if m, ok := t.match[i]; ok {
				r.End = max(r.End, m+1)
				i = m
			}
		case ')', ']', '}':
			if m, ok := t.match[i]; ok && m < r.Start {
				r.Start = m
			}
		}
	}
	return r
}

// grouped adds the parentheses directly around r.
func (t *text) grouped(r Range) Range {
	for {
		a, b := t.before(r.Start), t.after(r.End)
		if a < 0 || t.code[a] != '(' || b >= len(t.code) || t.match[a] != b {
			return r
		}
		r = Range{a, b + 1}
	}
}

// extent is where an expression is, with the parentheses around it. It is for
// places where a parenthesis before the expression can be nothing else.
func (t *text) extent(n ast.Node) Range { return t.grouped(t.balanced(n)) }

// statementExtent is where a statement is, with its semicolon.
func (t *text) statementExtent(s ast.Statement) Range {
	switch s := s.(type) {
	case *ast.BlockStatement:
		return Range{offset(s.LeftBrace), offset(s.RightBrace) + 1}
	case *ast.EmptyStatement:
		return Range{offset(s.Semicolon), offset(s.Semicolon) + 1}
	case *ast.IfStatement: // the parser does not say where it begins
		last := s.Consequent
		if s.Alternate != nil {
			last = s.Alternate
		}
		return Range{t.before(t.extent(s.Test).Start) + 1 - len("if"), t.statementExtent(last).End}
	case *ast.ForStatement:
		return Range{offset(s.For), t.statementExtent(s.Body).End}
	case *ast.ForInStatement:
		return Range{offset(s.For), t.statementExtent(s.Body).End}
	case *ast.ForOfStatement:
		return Range{offset(s.For), t.statementExtent(s.Body).End}
	case *ast.WhileStatement:
		return Range{offset(s.While), t.statementExtent(s.Body).End}
	case *ast.WithStatement:
		return Range{offset(s.With), t.statementExtent(s.Body).End}
	case *ast.LabelledStatement:
		return Range{offset(s.Label.Idx), t.statementExtent(s.Statement).End}
	case *ast.SwitchStatement:
		return Range{offset(s.Switch), offset(s.RightBrace) + 1}
	case *ast.TryStatement, *ast.FunctionDeclaration, *ast.ClassDeclaration:
		return t.balanced(s)
	}
	r := t.balanced(s)
	if e, ok := s.(*ast.ExpressionStatement); ok {
		r = t.extent(e.Expression)
	}
	if at := t.after(r.End); at < len(t.code) && t.code[at] == ';' {
		r.End = at + 1
	}
	return r
}
