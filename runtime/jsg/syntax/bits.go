package syntax

import (
	"math"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// The engine takes doubles of 2^63 and more for 0 where it wants 32 bits. Their
// remainder of 2^32 has the same 32 bits. It is taken where a program turns what
// can be that large into 32 bits, as in (x ** y) | 0. The other operand is no
// BigInt there, so that a BigInt throws with and without it.

func convert(n *ast.BinaryExpression) {
	switch n.Operator {
	case token.UNSIGNED_SHIFT_RIGHT:
		if toConvert(n.Left, n.Right) {
			n.Left = remainder(n.Left)
		}
	case token.OR, token.AND, token.EXCLUSIVE_OR, token.SHIFT_LEFT, token.SHIFT_RIGHT:
		if isNumber(n.Right) && toConvert(n.Left, n.Right) {
			n.Left = remainder(n.Left)
		}
		if isNumber(n.Left) && toConvert(n.Right, n.Left) {
			n.Right = remainder(n.Right)
		}
	}
}

// toConvert decides about e beside another operand. With 0 or all bits the
// program wants nothing else than 32 bits of e; otherwise it may be at work on
// them, where the remainder of each operand would cost a quarter of its speed.
func toConvert(e, beside ast.Expression) bool {
	const allBits = 1<<32 - 1
	if minus, ok := beside.(*ast.UnaryExpression); ok {
		beside = minus.Operand
	}
	if v, ok := number(beside); ok && (v == 0 || v == 1 || v == allBits) {
		return converts(e)
	}
	return large(e)
}

// convertNot is for ~, which takes a BigInt too.
func convertNot(n *ast.UnaryExpression) {
	if n.Operator == token.BITWISE_NOT && isNumber(n.Operand) && converts(n.Operand) {
		n.Operand = remainder(n.Operand)
	}
}

func remainder(e ast.Expression) ast.Expression {
	const bits = 1 << 32
	return &ast.BinaryExpression{Operator: token.REMAINDER, Left: e, Right: &ast.NumberLiteral{Idx: e.Idx1(), Literal: "4294967296", Value: int64(bits)}}
}

// converts reports whether a value can be so large. Where it is an integer, the
// remainder costs next to nothing; it costs something for products that are
// doubles, which is why those with a small number, as hash functions have them,
// and quotients are taken to be in range unless a part of them is large.
func converts(e ast.Expression) bool {
	const tooLarge = 1 << 63
	switch e := e.(type) {
	case *ast.NumberLiteral:
		v, ok := number(e)
		return ok && math.Abs(v) >= tooLarge
	case *ast.StringLiteral, *ast.BooleanLiteral, *ast.NullLiteral:
		return false
	case *ast.CallExpression:
		return !isMath(e) || makesNumber(e)
	case *ast.UnaryExpression:
		switch e.Operator {
		case token.MINUS:
			return converts(e.Operand)
		case token.BITWISE_NOT, token.NOT, token.TYPEOF:
			return false
		}
	case *ast.ConditionalExpression:
		return converts(e.Consequent) || converts(e.Alternate)
	case *ast.SequenceExpression:
		return converts(e.Sequence[len(e.Sequence)-1])
	case *ast.BinaryExpression:
		switch e.Operator {
		case token.PLUS, token.MINUS, token.LOGICAL_OR, token.LOGICAL_AND, token.COALESCE:
			return converts(e.Left) || converts(e.Right)
		case token.MULTIPLY, token.SLASH, token.EXPONENT:
			return large(e)
		}
		return false // bits, a comparison, a remainder
	}
	return true
}

// large reports whether something looks as if it were made to be large.
func large(e ast.Expression) bool {
	const small = 1 << 31
	switch e := e.(type) {
	case *ast.NumberLiteral:
		return converts(e)
	case *ast.UnaryExpression:
		return e.Operator == token.MINUS && large(e.Operand)
	case *ast.CallExpression:
		return makesNumber(e)
	case *ast.BinaryExpression:
		switch e.Operator {
		case token.EXPONENT:
			return true
		case token.MULTIPLY:
			if v, ok := number(e.Right); ok && math.Abs(v) < small {
				return large(e.Left)
			}
			if v, ok := number(e.Left); ok && math.Abs(v) < small {
				return large(e.Right)
			}
			return true
		case token.SLASH:
			v, ok := number(e.Right)
			return ok && math.Abs(v) < 1 || large(e.Left)
		case token.PLUS, token.MINUS, token.LOGICAL_OR, token.LOGICAL_AND, token.COALESCE:
			return large(e.Left) || large(e.Right)
		}
	}
	return false
}

func isMath(e *ast.CallExpression) bool {
	f, ok := e.Callee.(*ast.DotExpression)
	if !ok {
		return false
	}
	object, ok := f.Left.(*ast.Identifier)
	return ok && object.Name == "Math"
}

// makesNumber knows the functions whose result is a number of any size.
func makesNumber(e *ast.CallExpression) bool {
	switch f := e.Callee.(type) {
	case *ast.Identifier:
		return f.Name == "Number" || f.Name == "parseInt" || f.Name == "parseFloat"
	case *ast.DotExpression:
		if !isMath(e) {
			return false
		}
		switch f.Identifier.Name {
		case "floor", "ceil", "round", "trunc", "abs", "pow", "exp", "max", "min", "fround":
			return true
		}
	}
	return false
}

// isNumber reports whether an expression cannot be a BigInt, if it has a value.
func isNumber(e ast.Expression) bool {
	switch e := e.(type) {
	case *ast.NumberLiteral:
		_, ok := number(e)
		return ok
	case *ast.UnaryExpression:
		return e.Operator == token.PLUS || e.Operator == token.MINUS && isNumber(e.Operand)
	case *ast.CallExpression:
		return makesNumber(e)
	case *ast.BinaryExpression:
		switch e.Operator {
		case token.MULTIPLY, token.SLASH, token.MINUS, token.EXPONENT, token.REMAINDER:
			return isNumber(e.Left) || isNumber(e.Right)
		}
	}
	return false
}

func number(e ast.Expression) (float64, bool) {
	n, ok := e.(*ast.NumberLiteral)
	if !ok {
		return 0, false
	}
	switch v := n.Value.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false // a BigInt
}
