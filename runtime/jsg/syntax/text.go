package syntax

import (
	"bytes"
	"unicode/utf8"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// Text is a script with what is in quotes painted over, so that each bracket
// in it is one. The parser drops parentheses that only group, which is why the
// places it gives have to be corrected with them.
type Text struct {
	code  []byte
	match map[int]int // each bracket's partner
}

// Offset is where a place of the parser is in the script, from 0.
func Offset(i file.Idx) int { return int(i) - 1 }

// NewText is for the tree that the parser made of script.
func NewText(script []byte, program *ast.Program) *Text {
	t := &Text{code: append([]byte(nil), script...), match: map[int]int{}}
	var paint func(n ast.Node)
	paint = func(n ast.Node) {
		switch n := n.(type) {
		case *ast.StringLiteral:
			t.paint(Offset(n.Idx), len(n.Literal))
		case *ast.RegExpLiteral:
			t.paint(Offset(n.Idx), len(n.Literal))
		case *ast.TemplateElement:
			t.paint(beginning(script, Offset(n.Idx), n.Literal), len(n.Literal))
		}
		Children(n, paint)
	}
	for _, s := range program.Body {
		paint(s)
	}
	t.blankComments()
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

// blankComments makes spaces of comments. What is in quotes has been painted.
func (t *Text) blankComments() {
	for at := 0; ; {
		i := bytes.IndexByte(t.code[at:], '/')
		if i < 0 || at+i+1 >= len(t.code) {
			return
		}
		at += i
		end := ""
		switch t.code[at+1] {
		case '/':
			end = "\n"
		case '*':
			end = "*/"
		default:
			at++
			continue
		}
		n := bytes.Index(t.code[at+2:], []byte(end))
		if n < 0 {
			n = len(t.code) - at - 2
			end = ""
		}
		for last := at + 2 + n + len(end); at < last; at++ {
			if t.code[at] != '\n' {
				t.code[at] = ' '
			}
		}
	}
}

// Byte is the one at a place, as it is painted.
func (t *Text) Byte(at int) byte { return t.code[at] }

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

func (t *Text) paint(from, n int) {
	for i := max(from, 0); i < min(from+n, len(t.code)); i++ {
		t.code[i] = 'x'
	}
}

// Range is a part of a script, in bytes.
type Range struct{ Start, End int }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// Before and After are the nearest bytes that are no space.
func (t *Text) Before(at int) int {
	for at--; at >= 0 && isSpace(t.code[at]); at-- {
	}
	return at
}

func (t *Text) After(at int) int {
	for at < len(t.code) && isSpace(t.code[at]) {
		at++
	}
	return at
}

// Find is the first c from at on.
func (t *Text) Find(at int, c byte) int {
	for at < len(t.code) && t.code[at] != c {
		at++
	}
	return at
}

// Balanced is where a node is, with the brackets that belong to it.
func (t *Text) Balanced(n ast.Node) Range {
	r := Range{Offset(n.Idx0()), Offset(n.Idx1())}
	if u, ok := n.(*ast.UnaryExpression); ok && u.Postfix {
		r = t.Balanced(u.Operand)
		r.End = t.After(t.Grouped(r).End) + len("++")
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

// Grouped adds the parentheses directly around r.
func (t *Text) Grouped(r Range) Range {
	for {
		a, b := t.Before(r.Start), t.After(r.End)
		if a < 0 || t.code[a] != '(' || b >= len(t.code) || t.match[a] != b {
			return r
		}
		r = Range{a, b + 1}
	}
}

// Extent is where an expression is, with the parentheses around it. It is for
// places where a parenthesis before the expression can be nothing else.
func (t *Text) Extent(n ast.Node) Range { return t.Grouped(t.Balanced(n)) }

// StatementExtent is where a statement is, with its semicolon.
func (t *Text) StatementExtent(s ast.Statement) Range {
	switch s := s.(type) {
	case *ast.BlockStatement:
		return Range{Offset(s.LeftBrace), Offset(s.RightBrace) + 1}
	case *ast.EmptyStatement:
		return Range{Offset(s.Semicolon), Offset(s.Semicolon) + 1}
	case *ast.IfStatement: // the parser does not say where it begins
		last := s.Consequent
		if s.Alternate != nil {
			last = s.Alternate
		}
		return Range{t.Before(t.Extent(s.Test).Start) + 1 - len("if"), t.StatementExtent(last).End}
	case *ast.ForStatement:
		return Range{Offset(s.For), t.StatementExtent(s.Body).End}
	case *ast.ForInStatement:
		return Range{Offset(s.For), t.StatementExtent(s.Body).End}
	case *ast.ForOfStatement:
		return Range{Offset(s.For), t.StatementExtent(s.Body).End}
	case *ast.WhileStatement:
		return Range{Offset(s.While), t.StatementExtent(s.Body).End}
	case *ast.WithStatement:
		return Range{Offset(s.With), t.StatementExtent(s.Body).End}
	case *ast.LabelledStatement:
		return Range{Offset(s.Label.Idx), t.StatementExtent(s.Statement).End}
	case *ast.SwitchStatement:
		return Range{Offset(s.Switch), Offset(s.RightBrace) + 1}
	case *ast.TryStatement, *ast.FunctionDeclaration, *ast.ClassDeclaration:
		return t.Balanced(s)
	}
	r := t.Balanced(s)
	if e, ok := s.(*ast.ExpressionStatement); ok {
		r = t.Extent(e.Expression)
	}
	if at := t.After(r.End); at < len(t.code) && t.code[at] == ';' {
		r.End = at + 1
	}
	return r
}
