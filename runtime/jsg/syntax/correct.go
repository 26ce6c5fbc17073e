package syntax

import (
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// Correct makes the tree of a script mean what the script says.
func Correct(script string, program *ast.Program) {
	c := &corrector{script: script}
	c.async.find(script)
	c.below = c.visit
	for _, s := range program.Body {
		c.visit(s)
	}
	if strings.Contains(script, "new.target") {
		t := &targets{}
		for _, s := range program.Body {
			t.visit(s)
		}
	}
	if len(c.rows) == 0 {
		return
	}
	text := NewText([]byte(script), program)
	for _, n := range c.rows {
		fromTheLeft(text, n)
	}
}

// corrector looks through a tree.
type corrector struct {
	script string
	rows   []*ast.BinaryExpression // relations whose right side is one, outer ones first
	below  func(ast.Node)          // visit; a method value would be made for each node
	async  asyncGenerators
}

func (c *corrector) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryExpression:
		if isRelation(n) {
			if right, ok := n.Right.(*ast.BinaryExpression); ok && isRelation(right) {
				c.rows = append(c.rows, n)
			}
		}
		keepOperator(n)
	case *ast.UnaryExpression:
		keepNot(n)
	case *ast.ArrowFunctionLiteral:
		nameDefaults(n.ParameterList)
		if _, ok := n.Body.(*ast.ExpressionBody); ok {
			c.closeSource(n)
		}
		c.within(n, false)
		return
	case *ast.FunctionLiteral:
		nameDefaults(n.ParameterList)
		c.async.mark(n)
		c.within(n, c.async.bodies[n])
		return
	case *ast.YieldExpression:
		c.async.delegation(n)
	case *ast.ReturnStatement:
		c.async.awaitReturned(n)
	case *ast.CatchStatement:
		c.async.caught(n)
	}
	Children(n, c.below)
}

// within visits what is in a function, which may be the body of an async
// generator.
func (c *corrector) within(n ast.Node, async bool) {
	around := c.async.in
	c.async.in = async
	Children(n, c.below)
	c.async.in = around
}

// closeSource gives the text of an arrow function the brackets it ends in, as in
// () => ({}): the parser ends it with what is in them.
func (c *corrector) closeSource(n *ast.ArrowFunctionLiteral) {
	start := Offset(n.Start)
	end := start + len(n.Source)
	open := opened(n.Source)
	if open > 0 {
		open -= openedInQuotes(n.Body)
	}
	for at := end; open > 0 && at < len(c.script); at++ {
		switch {
		case c.script[at] == ')':
			end = at + 1
			open--
		case !isSpace(c.script[at]):
			open = 0
		}
	}
	n.Source = c.script[start:end]
}

// opened is how many brackets of a text are not closed in it.
func opened(text string) int { return strings.Count(text, "(") - strings.Count(text, ")") }

// openedInQuotes is how many of those are in strings and the like.
func openedInQuotes(n ast.Node) (count int) {
	switch n := n.(type) {
	case *ast.StringLiteral:
		count = opened(n.Literal)
	case *ast.RegExpLiteral:
		count = opened(n.Literal)
	case *ast.TemplateElement:
		count = opened(n.Literal)
	}
	Children(n, func(child ast.Node) { count += openedInQuotes(child) })
	return count
}

func isRelation(n *ast.BinaryExpression) bool {
	switch n.Operator {
	case token.LESS, token.LESS_OR_EQUAL, token.GREATER, token.GREATER_OR_EQUAL, token.IN, token.INSTANCEOF:
		return true
	}
	return false
}

// fromTheLeft makes ((a < b) < c) of a < b < c, which the parser takes for
// (a < (b < c)).
func fromTheLeft(text *Text, n *ast.BinaryExpression) {
	row := ast.Expression(&ast.BinaryExpression{Operator: n.Operator, Left: n.Left, Right: n.Right, Comparison: n.Comparison})
	at := row.(*ast.BinaryExpression)
	for {
		right, ok := at.Right.(*ast.BinaryExpression)
		if !ok || !isRelation(right) || inBrackets(text, right) {
			break
		}
		at.Right = right.Left
		at = &ast.BinaryExpression{Operator: right.Operator, Left: row, Right: right.Right, Comparison: right.Comparison}
		row = at
	}
	*n = *row.(*ast.BinaryExpression)
}

func inBrackets(text *Text, n ast.Node) bool {
	r := text.Balanced(n)
	return text.Grouped(r) != r
}
