package syntax

import (
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// AsyncGenerator begins the source text of a function that the bundler made of an
// async generator, so that jsg makes one of it.
const AsyncGenerator = "\x00async*"

// asyncGenerators are the names that a script from the bundler has for what its
// async generators are made with; empty ones if it has none.
type asyncGenerators struct {
	generator, await, yieldStar unistring.String
	bodies                      map[*ast.FunctionLiteral]bool
	in                          bool // the body of one
}

// helpersWithin is how far from the beginning of a script the names are.
const helpersWithin = 64 << 10

func (a *asyncGenerators) find(script string) {
	head := script[:min(len(script), helpersWithin)]
	name := func(helper string) unistring.String {
		end := strings.Index(head, "=__mw."+helper+"?")
		start := end
		for start > 0 && isNamePart(head[start-1]) {
			start--
		}
		if end < 0 {
			return ""
		}
		return unistring.String(head[start:end])
	}
	if a.generator = name("asyncGenerator"); a.generator != "" {
		a.await = name("await")
		a.bodies = map[*ast.FunctionLiteral]bool{}
	}
	a.yieldStar = name("yieldStar")
}

func isNamePart(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// mark notes that a function does nothing but run an async generator.
func (a *asyncGenerators) mark(f *ast.FunctionLiteral) {
	if a.generator == "" || f.Generator || f.Async || len(f.Body.List) == 0 {
		return
	}
	last, ok := f.Body.List[len(f.Body.List)-1].(*ast.ReturnStatement)
	if !ok || len(f.Body.List) > 1 && !readsSuper(f.Body.List) {
		return
	}
	call, ok := last.Argument.(*ast.CallExpression)
	if !ok || !isNamed(call.Callee, a.generator) || len(call.ArgumentList) != 3 {
		return
	}
	if body, ok := call.ArgumentList[2].(*ast.FunctionLiteral); ok && body.Generator {
		a.bodies[body] = true
		f.Source = AsyncGenerator + f.Source
	}
}

// readsSuper reports whether statements are those that the bundler puts in front
// where the generator mentions super.
func readsSuper(list []ast.Statement) bool {
	first, ok := list[0].(*ast.LexicalDeclaration)
	return ok && len(list) == 2 && len(first.List) == 1 && isNamed(first.List[0].Target, "__mw_s")
}

func isNamed(n ast.Node, name unistring.String) bool {
	id, ok := n.(*ast.Identifier)
	return ok && id.Name == name
}

// delegation makes yield* in an async generator a yield of what is delegated to,
// and takes the helper away in an ordinary one, where it would ask for an async
// iterator first.
func (a *asyncGenerators) delegation(n *ast.YieldExpression) {
	if call, ok := n.Argument.(*ast.CallExpression); ok && n.Delegate && a.yieldStar != "" && isNamed(call.Callee, a.yieldStar) {
		if a.in {
			n.Delegate = false
		} else if len(call.ArgumentList) == 1 {
			n.Argument = call.ArgumentList[0]
		}
	}
}

// awaitReturned lets an async generator await what it returns.
func (a *asyncGenerators) awaitReturned(n *ast.ReturnStatement) {
	if !a.in || n.Argument == nil || a.await == "" {
		return
	}
	at := n.Argument.Idx0()
	n.Argument = &ast.YieldExpression{Yield: at, Argument: &ast.NewExpression{
		New: at, Callee: &ast.Identifier{Name: a.await, Idx: at}, ArgumentList: []ast.Expression{n.Argument},
		LeftParenthesis: at, RightParenthesis: n.Argument.Idx1(),
	}}
}

// caught lets what a generator is returned with, which is thrown into it, pass its
// catch clauses: the engine's own way to return loses what finally clauses throw.
func (a *asyncGenerators) caught(n *ast.CatchStatement) {
	if !a.in || a.await == "" {
		return
	}
	at := n.Catch
	param, ok := n.Parameter.(*ast.Identifier)
	var pattern ast.Statement
	if !ok {
		param = &ast.Identifier{Name: "__mw_e", Idx: at}
		if n.Parameter != nil {
			pattern = &ast.LexicalDeclaration{Idx: at, Token: token.LET, List: []*ast.Binding{{Target: n.Parameter, Initializer: param}}}
		}
		n.Parameter = param
	}
	returned := &ast.DotExpression{Left: &ast.Identifier{Name: a.await, Idx: at}, Identifier: ast.Identifier{Name: "returned", Idx: at}}
	list := []ast.Statement{&ast.IfStatement{
		If: at, Test: &ast.BinaryExpression{Operator: token.STRICT_EQUAL, Left: param, Right: returned},
		Consequent: &ast.ThrowStatement{Throw: at, Argument: param},
	}}
	if pattern != nil {
		list = append(list, pattern)
	}
	n.Body.List = append(list, n.Body.List...)
}
