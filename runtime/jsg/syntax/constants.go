package syntax

import (
	"math/big"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// The engine's compiler works out operators of constants with instructions of
// its own, which jsg cannot exchange for better ones there. Where they matter,
// for bits, powers and BigInts, the operator is left to the running program: a
// sequence is no constant for the compiler, and costs nothing.

func keepOperator(n *ast.BinaryExpression) {
	switch n.Operator {
	case token.OR, token.AND, token.EXCLUSIVE_OR, token.SHIFT_LEFT, token.SHIFT_RIGHT, token.UNSIGNED_SHIFT_RIGHT:
		if isSmall(n.Left) && isSmall(n.Right) {
			return
		}
	case token.EXPONENT:
	case token.MULTIPLY:
		if !isBigInt(n.Left) {
			return
		}
	default:
		return
	}
	if maybeConstant(n.Left) {
		n.Left = &ast.SequenceExpression{Sequence: []ast.Expression{n.Left}}
	}
}

func keepNot(n *ast.UnaryExpression) {
	if n.Operator == token.BITWISE_NOT && maybeConstant(n.Operand) && !isSmall(n.Operand) {
		n.Operand = &ast.SequenceExpression{Sequence: []ast.Expression{n.Operand}}
	}
}

func maybeConstant(e ast.Expression) bool {
	switch e.(type) {
	case *ast.NumberLiteral, *ast.StringLiteral, *ast.UnaryExpression, *ast.BinaryExpression:
		return true
	}
	return false
}

// isSmall reports whether e is an integer as such.
func isSmall(e ast.Expression) bool {
	n, ok := e.(*ast.NumberLiteral)
	if !ok {
		return false
	}
	_, ok = n.Value.(int64)
	return ok
}

func isBigInt(e ast.Expression) bool {
	n, ok := e.(*ast.NumberLiteral)
	if !ok {
		return false
	}
	_, ok = n.Value.(*big.Int)
	return ok
}
