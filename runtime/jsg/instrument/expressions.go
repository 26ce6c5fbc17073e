package instrument

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"

	"github.com/miniworker/miniworker/runtime/jsg/syntax"
)

func isLogical(n *ast.BinaryExpression) bool {
	switch n.Operator {
	case token.LOGICAL_AND, token.LOGICAL_OR, token.COALESCE:
		return true
	}
	return false
}

// logical counts the operands of a chain of &&, || and ??.
func (w *walker) logical(n *ast.BinaryExpression) {
	var leaves []ast.Expression
	var flatten func(e ast.Expression)
	flatten = func(e ast.Expression) {
		if b, ok := e.(*ast.BinaryExpression); ok && isLogical(b) {
			flatten(b.Left)
			flatten(b.Right)
			return
		}
		leaves = append(leaves, e)
	}
	flatten(n)
	r := w.Balanced(n)
	switch w.judge(r) {
	case Skip:
		return
	case Pass:
		for _, e := range leaves {
			w.visit(e)
		}
		return
	}
	paths := make([]Range, len(leaves))
	for i, e := range leaves {
		paths[i] = w.Extent(e)
	}
	first := w.branch("binary-expr", r, paths...)
	for i, e := range leaves {
		w.around(e, first+i)
	}
}

func (w *walker) conditional(n *ast.ConditionalExpression) {
	r := w.Balanced(n)
	verdict := w.judge(r)
	if verdict == Skip {
		return
	}
	w.visit(n.Test)
	if verdict == Pass {
		w.visit(n.Consequent)
		w.visit(n.Alternate)
		return
	}
	first := w.branch("cond-expr", r, w.Extent(n.Consequent), w.Extent(n.Alternate))
	w.around(n.Consequent, first)
	w.around(n.Alternate, first+1)
}

// defaultValue counts how often a parameter took its default.
func (w *walker) defaultValue(owner ast.Node, value ast.Expression) {
	if value == nil {
		return
	}
	r := w.Balanced(owner)
	switch w.judge(r) {
	case Skip:
	case Pass:
		w.visit(value)
	case Count:
		w.around(value, w.branch("default-arg", r, w.Extent(value)))
	}
}

// pattern is a part of a destructuring pattern.
func (w *walker) pattern(n ast.Node) {
	owner := n
	if p, ok := n.(*ast.PropertyKeyed); ok {
		w.visit(p.Key)
		n = p.Value
	}
	switch n := n.(type) {
	case *ast.PropertyShort:
		w.defaultValue(owner, n.Initializer)
	case *ast.AssignExpression:
		w.visit(n.Left)
		w.defaultValue(owner, n.Right)
	default:
		w.visit(n)
	}
}

func (w *walker) field(n *ast.FieldDefinition) {
	w.visit(n.Key)
	if n.Initializer == nil {
		return
	}
	r := w.Extent(n.Initializer)
	switch w.judge(span(syntax.Offset(n.Idx), r.End)) {
	case Skip:
	case Pass:
		w.visit(n.Initializer)
	case Count:
		w.around(n.Initializer, w.statement(span(syntax.Offset(n.Idx), r.End)))
	}
}

// function counts calls of a function that is written at start.
func (w *walker) function(n *ast.FunctionLiteral, name string, start int) {
	body := span(syntax.Offset(n.Body.LeftBrace), syntax.Offset(n.Body.RightBrace)+1)
	verdict := w.judge(span(start, body.End))
	if verdict == Skip {
		return
	}
	w.visit(n.ParameterList)
	if verdict == Count {
		c := w.next(1)
		w.points.Functions = append(w.points.Functions, Function{name, span(start, body.Start), body, c})
		w.enter(n.Body, c)
	}
	w.list(n.Body.List)
}

// enter counts calls of a function before its first statement, after directives.
func (w *walker) enter(b *ast.BlockStatement, counter int) {
	at, text := syntax.Offset(b.LeftBrace)+1, w.count(counter)+";"
	for _, s := range b.List {
		e, ok := s.(*ast.ExpressionStatement)
		if !ok {
			break
		}
		if _, ok := e.Expression.(*ast.StringLiteral); !ok {
			break
		}
		at = w.StatementExtent(s).End
		if w.Byte(at-1) != ';' {
			text = ";" + text
		}
	}
	w.insert(at, text)
}

func (w *walker) arrow(n *ast.ArrowFunctionLiteral) {
	start := syntax.Offset(n.Start)
	var body Range
	switch b := n.Body.(type) {
	case *ast.BlockStatement:
		body = span(syntax.Offset(b.LeftBrace), syntax.Offset(b.RightBrace)+1)
	case *ast.ExpressionBody:
		body = w.Extent(b.Expression)
	}
	verdict := w.judge(span(start, body.End))
	if verdict == Skip {
		return
	}
	w.visit(n.ParameterList)
	c := -1
	if verdict == Count {
		c = w.next(1)
		w.points.Functions = append(w.points.Functions, Function{"", span(start, body.Start), body, c})
	}
	switch b := n.Body.(type) {
	case *ast.BlockStatement:
		if c >= 0 {
			w.enter(b, c)
		}
		w.list(b.List)
	case *ast.ExpressionBody:
		if c >= 0 {
			w.around(b.Expression, c, w.statement(body))
			return
		}
		w.visit(b.Expression)
	}
}
