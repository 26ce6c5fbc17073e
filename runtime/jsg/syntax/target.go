package syntax

import (
	"reflect"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// TargetFunction is a name that no program can mention, of the function that is
// given new.target and says what it ought to be.
const TargetFunction = "new.target"

// A function that is called has the new.target of its caller in the engine,
// unless it is called from Go. Constructors of classes are always constructed,
// and arrow functions have that of the function around them; all others ask.
type targets struct {
	function ast.Node // the innermost one that is looked into
	class    *ast.ClassLiteral
}

func (t *targets) visit(n ast.Node) {
	around := *t
	switch n := n.(type) {
	case *ast.ClassLiteral:
		t.class = n
	case *ast.MethodDefinition:
		if key, ok := n.Key.(*ast.StringLiteral); ok && key.Value == "constructor" && !n.Static && !n.Computed && t.class != nil {
			t.function = n
			Children(n.Body, t.visit)
			*t = around
			return
		}
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
		t.function, t.class = n, nil
	}
	Children(n, func(child ast.Node) {
		meta, ok := child.(*ast.MetaProperty)
		if f, plain := t.function.(*ast.FunctionLiteral); ok && plain && meta.Meta.Name == "new" {
			replace(n, meta, asked(f, meta))
			return
		}
		t.visit(child)
	})
	*t = around
}

// asked is what a function has in place of new.target.
func asked(f *ast.FunctionLiteral, meta *ast.MetaProperty) ast.Expression {
	if f.Async || f.Generator {
		return &ast.UnaryExpression{Operator: token.VOID, Idx: meta.Meta.Idx, Operand: &ast.NumberLiteral{Idx: meta.Meta.Idx, Literal: "0", Value: int64(0)}}
	}
	return &ast.CallExpression{
		Callee:           &ast.Identifier{Name: unistring.String(TargetFunction), Idx: meta.Meta.Idx},
		LeftParenthesis:  meta.Meta.Idx,
		ArgumentList:     []ast.Expression{meta},
		RightParenthesis: meta.Property.Idx1(),
	}
}

// replace puts another expression where n has one directly below it.
func replace(n ast.Node, old, other ast.Expression) {
	v := reflect.ValueOf(n)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	for i := range v.NumField() {
		replaceIn(v.Field(i), old, other)
	}
}

func replaceIn(v reflect.Value, old, other ast.Expression) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			replaceIn(v.Index(i), old, other)
		}
	case reflect.Interface:
		if v.CanSet() && v.Interface() == any(old) {
			v.Set(reflect.ValueOf(other))
		}
	}
}
