package syntax

import "github.com/dop251/goja/ast"

// nameDefaults gives functions and classes without a name that are default values
// of parameters the name of the parameter. The engine names what is the value of
// a property, so `(x = class {})` is made `(x = { x: class {} }.x)`.
func nameDefaults(params *ast.ParameterList) {
	if params == nil {
		return
	}
	for _, p := range params.List {
		target, ok := p.Target.(*ast.Identifier)
		if !ok || target.Name == "__proto__" || !isAnonymous(p.Initializer) {
			continue
		}
		at := p.Initializer.Idx0()
		p.Initializer = &ast.DotExpression{
			Left: &ast.ObjectLiteral{LeftBrace: at, RightBrace: p.Initializer.Idx1(), Value: []ast.Property{&ast.PropertyKeyed{
				Key: &ast.StringLiteral{Idx: at, Literal: string(target.Name), Value: target.Name}, Kind: ast.PropertyKindValue, Value: p.Initializer,
			}}},
			Identifier: ast.Identifier{Name: target.Name, Idx: at},
		}
	}
}

// isAnonymous reports whether a value is a function or a class without a name.
func isAnonymous(value ast.Expression) bool {
	switch n := value.(type) {
	case *ast.FunctionLiteral:
		return n.Name == nil
	case *ast.ArrowFunctionLiteral:
		return true
	case *ast.ClassLiteral:
		return n.Name == nil
	}
	return false
}
