// Package syntax reads and corrects the tree that the engine's parser makes of
// a script, and knows where things are in its text.
//
// Emulated: what ECMA-262 says of programs that the engine's parser takes for
// others, https://tc39.es/ecma262/#sec-relational-operators.
package syntax

import (
	"reflect"

	"github.com/dop251/goja/ast"
)

// Children calls f for each node directly below n. The nodes that programs are
// mostly made of are known; it finds its way through the others by reflection.
func Children(n ast.Node, f func(ast.Node)) {
	switch n := n.(type) {
	case *ast.Identifier, *ast.StringLiteral, *ast.NumberLiteral, *ast.NullLiteral, *ast.BooleanLiteral,
		*ast.ThisExpression, *ast.RegExpLiteral, *ast.TemplateElement:
	case *ast.DotExpression:
		f(n.Left) // what is behind the dot is a name and no more
	case *ast.BracketExpression:
		f(n.Left)
		f(n.Member)
	case *ast.CallExpression:
		f(n.Callee)
		each(n.ArgumentList, f)
	case *ast.BinaryExpression:
		f(n.Left)
		f(n.Right)
	case *ast.AssignExpression:
		f(n.Left)
		f(n.Right)
	case *ast.UnaryExpression:
		f(n.Operand)
	case *ast.ConditionalExpression:
		f(n.Test)
		f(n.Consequent)
		f(n.Alternate)
	case *ast.SequenceExpression:
		each(n.Sequence, f)
	case *ast.ArrayLiteral:
		each(n.Value, f)
	case *ast.ObjectLiteral:
		each(n.Value, f)
	case *ast.PropertyKeyed:
		f(n.Key)
		f(n.Value)
	case *ast.Binding:
		f(n.Target)
		maybe(n.Initializer, f)
	case *ast.ParameterList:
		each(n.List, f)
		maybe(n.Rest, f)
	case *ast.FunctionLiteral:
		if n.Name != nil {
			f(n.Name)
		}
		f(n.ParameterList)
		f(n.Body)
	case *ast.ArrowFunctionLiteral:
		f(n.ParameterList)
		f(n.Body)
	case *ast.ExpressionBody:
		f(n.Expression)
	case *ast.BlockStatement:
		each(n.List, f)
	case *ast.ExpressionStatement:
		f(n.Expression)
	case *ast.VariableStatement:
		each(n.List, f)
	case *ast.LexicalDeclaration:
		each(n.List, f)
	case *ast.ReturnStatement:
		maybe(n.Argument, f)
	case *ast.IfStatement:
		f(n.Test)
		f(n.Consequent)
		if n.Alternate != nil {
			f(n.Alternate)
		}
	case *ast.NewExpression:
		f(n.Callee)
		each(n.ArgumentList, f)
	case *ast.TemplateLiteral:
		maybe(n.Tag, f)
		each(n.Elements, f)
		each(n.Expressions, f)
	case *ast.MethodDefinition:
		f(n.Key)
		f(n.Body)
	case *ast.PropertyShort:
		maybe(n.Initializer, f)
	case *ast.CaseStatement:
		maybe(n.Test, f)
		each(n.Consequent, f)
	case *ast.ThrowStatement:
		f(n.Argument)
	case *ast.FunctionDeclaration:
		f(n.Function)
	default:
		others(n, f)
	}
}

func each[N ast.Node](list []N, f func(ast.Node)) {
	for _, n := range list {
		if any(n) != nil { // a hole of an array
			f(n)
		}
	}
}

func maybe(n ast.Expression, f func(ast.Node)) {
	if n != nil {
		f(n)
	}
}

func others(n ast.Node, f func(ast.Node)) {
	v := reflect.ValueOf(n)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() == reflect.Struct {
		below(v, f)
	}
}

func below(v reflect.Value, f func(ast.Node)) {
	for i := range v.NumField() {
		if v.Type().Field(i).Name == "DeclarationList" { // is in the body too
			continue
		}
		child(v.Field(i), f)
	}
}

func child(v reflect.Value, f func(ast.Node)) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			child(v.Index(i), f)
		}
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if n, ok := v.Interface().(ast.Node); ok {
			f(n)
		}
	case reflect.Struct:
		if v.CanAddr() {
			if n, ok := v.Addr().Interface().(ast.Node); ok {
				f(n)
			}
		}
	}
}
