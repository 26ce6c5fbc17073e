package instrument

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
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
	r := w.balanced(n)
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
		paths[i] = w.extent(e)
	}
	first := w.branch("binary-expr", r, paths...)
	for i, e := range leaves {
		w.around(e, first+i)
	}
}

func (w *walker) conditional(n *ast.ConditionalExpression) {
	r := w.balanced(n)
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
	first := w.branch("cond-expr", r, w.extent(n.Consequent), w.extent(n.Alternate))
	w.around(n.Consequent, first)
	w.around(n.Alternate, first+1)
}

// defaultValue counts how often a parameter took its default.
func (w *walker) defaultValue(owner ast.Node, value ast.Expression) {
	if value == nil {
		return
	}
	r := w.balanced(owner)
	switch w.judge(r) {
	case Skip:
	case Pass:
		w.visit(value)
	case Count:
		w.around(value, w.branch("default-arg", r, w.extent(value)))
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
	r := w.extent(n.Initializer)
	switch w.judge(Range{offset(n.Idx), r.End}) {
	case Skip:
	case Pass:
		w.visit(n.Initializer)
	case Count:
		w.around(n.Initializer, w.statement(Range{offset(n.Idx), r.End}))
	}
}

// function counts calls of a function that is written at start.
func (w *walker) function(n *ast.FunctionLiteral, name string, start int) {
	body := Range{offset(n.Body.LeftBrace), offset(n.Body.RightBrace) + 1}
	verdict := w.judge(Range{start, body.End})
	if verdict == Skip {
		return
	}
	w.visit(n.ParameterList)
	if verdict == Count {
		c := w.next(1)
		w.points.Functions = append(w.points.Functions, Function{name, Range{start, body.Start}, body, c})
		w.enter(n.Body, c)
	}
	w.list(n.Body.List)
}

// enter counts calls of a function before its first statement, after directives.
func (w *walker) enter(b *ast.BlockStatement, counter int) {
	at, text := offset(b.LeftBrace)+1, w.count(counter)+";"
	for _, s := range b.List {
		e, ok := s.(*ast.ExpressionStatement)
		if !ok {
			break
		}
		if _, ok := e.Expression.(*ast.StringLiteral); !ok {
			break
		}
		at = w.statementExtent(s).End
		if w.code[at-1] != ';' {
			text = ";" + text
		}
	}
	w.insert(at, text)
}

func (w *walker) arrow(n *ast.ArrowFunctionLiteral) {
	start := offset(n.Start)
	var body Range
	switch b := n.Body.(type) {
	case *ast.BlockStatement:
		body = Range{offset(b.LeftBrace), offset(b.RightBrace) + 1}
	case *ast.ExpressionBody:
		body = w.extent(b.Expression)
	}
	verdict := w.judge(Range{start, body.End})
	if verdict == Skip {
		return
	}
	w.visit(n.ParameterList)
	c := -1
	if verdict == Count {
		c = w.next(1)
		w.points.Functions = append(w.points.Functions, Function{"", Range{start, body.Start}, body, c})
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
