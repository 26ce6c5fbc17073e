package instrument

import (
	"github.com/dop251/goja/ast"

	"github.com/miniworker/miniworker/runtime/jsg/syntax"
)

func (w *walker) list(list []ast.Statement) {
	for _, s := range list {
		w.one(s)
	}
}

// one is a statement where there may be others.
func (w *walker) one(s ast.Statement) {
	switch s := s.(type) {
	case *ast.EmptyStatement, *ast.BlockStatement, *ast.FunctionDeclaration, *ast.ClassDeclaration:
		w.inside(s)
		return
	case *ast.VariableStatement:
		w.declared(s.List, syntax.Offset(s.Var))
		return
	case *ast.LexicalDeclaration:
		w.declared(s.List, syntax.Offset(s.Idx))
		return
	case *ast.ExpressionStatement:
		if _, directive := s.Expression.(*ast.StringLiteral); directive {
			return
		}
	}
	r := w.StatementExtent(s)
	switch w.judge(r) {
	case Skip:
		return
	case Count:
		n := w.statement(r)
		w.insert(r.Start, w.count(n)+";")
		for l, ok := s.(*ast.LabelledStatement); ok; l, ok = l.Statement.(*ast.LabelledStatement) {
			// A counter of its own would part it from its label.
			w.points.Statements = append(w.points.Statements, Statement{w.StatementExtent(l.Statement), n})
		}
	}
	w.inside(s)
}

// declared counts the values of variables, the first of them before the
// statement so that a function in it keeps its name.
func (w *walker) declared(list []*ast.Binding, start int) {
	for i, b := range list {
		w.visit(b.Target)
		if b.Initializer == nil {
			continue
		}
		r := span(w.Extent(b.Target).Start, w.Extent(b.Initializer).End)
		switch w.judge(r) {
		case Skip:
			continue
		case Count:
			n := w.statement(r)
			if i > 0 && start >= 0 && !isFunction(b.Initializer) || start < 0 {
				w.around(b.Initializer, n)
				continue
			}
			w.insert(start, w.count(n)+";")
		}
		w.visit(b.Initializer)
	}
}

func isFunction(e ast.Expression) bool {
	switch e.(type) {
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral, *ast.ClassLiteral:
		return true
	}
	return false
}

// body is a statement that is alone, such as that of a loop: with a counter it
// becomes a block. first is counted when it is entered, if not negative.
func (w *walker) body(s ast.Statement, first int) {
	if b, ok := s.(*ast.BlockStatement); ok {
		if first >= 0 {
			w.insert(syntax.Offset(b.LeftBrace)+1, w.count(first)+";")
		}
		w.list(b.List)
		return
	}
	r := w.StatementExtent(s)
	open := "{"
	if first >= 0 {
		open += w.count(first) + ";"
	}
	w.insert(r.Start, open)
	w.one(s)
	w.insertClose(r.End, "}")
}

// inside looks into a statement, which itself has been counted.
func (w *walker) inside(s ast.Statement) {
	switch s := s.(type) {
	case *ast.BlockStatement:
		w.list(s.List)
	case *ast.FunctionDeclaration:
		w.function(s.Function, w.name(s.Function.Name), syntax.Offset(s.Function.Idx0()))
	case *ast.IfStatement:
		w.ifElse(s)
	case *ast.ForStatement:
		w.forInit(s.Initializer)
		w.maybe(s.Test)
		w.maybe(s.Update)
		w.body(s.Body, -1)
	case *ast.ForInStatement:
		w.visit(s.Into)
		w.visit(s.Source)
		w.body(s.Body, -1)
	case *ast.ForOfStatement:
		w.visit(s.Into)
		w.visit(s.Source)
		w.body(s.Body, -1)
	case *ast.WhileStatement:
		w.visit(s.Test)
		w.body(s.Body, -1)
	case *ast.DoWhileStatement:
		w.body(s.Body, -1)
		w.visit(s.Test)
	case *ast.WithStatement:
		w.visit(s.Object)
		w.body(s.Body, -1)
	case *ast.LabelledStatement:
		w.inside(s.Statement)
	case *ast.SwitchStatement:
		w.switchCase(s)
	case *ast.VariableStatement:
		w.declared(s.List, syntax.Offset(s.Var))
	case *ast.LexicalDeclaration:
		w.declared(s.List, syntax.Offset(s.Idx))
	case *ast.TryStatement:
		w.list(s.Body.List)
		if s.Catch != nil {
			if s.Catch.Parameter != nil {
				w.visit(s.Catch.Parameter)
			}
			w.list(s.Catch.Body.List)
		}
		if s.Finally != nil {
			w.list(s.Finally.List)
		}
	default:
		syntax.Children(s, w.visit)
	}
}

func (w *walker) maybe(e ast.Expression) {
	if e != nil {
		w.visit(e)
	}
}

// forInit counts the variables of a loop where their values are.
func (w *walker) forInit(init ast.ForLoopInitializer) {
	switch init := init.(type) {
	case nil:
	case *ast.ForLoopInitializerVarDeclList:
		w.declared(init.List, -1)
	case *ast.ForLoopInitializerLexicalDecl:
		w.declared(init.LexicalDeclaration.List, -1)
	default:
		syntax.Children(init, w.visit)
	}
}

func (w *walker) ifElse(s *ast.IfStatement) {
	r := w.StatementExtent(s)
	w.visit(s.Test)
	then := w.StatementExtent(s.Consequent)
	if w.judge(r) != Count {
		w.body(s.Consequent, -1)
		if s.Alternate != nil {
			w.body(s.Alternate, -1)
		}
		return
	}
	otherwise := r
	if s.Alternate != nil {
		otherwise = w.StatementExtent(s.Alternate)
	}
	n := w.branch("if", r, then, otherwise)
	w.body(s.Consequent, n)
	if s.Alternate == nil {
		w.insertClose(then.End, "else{"+w.count(n+1)+"}")
		return
	}
	w.body(s.Alternate, n+1)
}

func (w *walker) switchCase(s *ast.SwitchStatement) {
	w.visit(s.Discriminant)
	r := w.StatementExtent(s)
	var paths []Range
	for _, c := range s.Body {
		end := w.colon(c) + 1
		if n := len(c.Consequent); n > 0 {
			end = w.StatementExtent(c.Consequent[n-1]).End
		}
		paths = append(paths, span(syntax.Offset(c.Case), end))
	}
	first := -1
	if len(paths) > 0 && w.judge(r) == Count {
		first = w.branch("switch", r, paths...)
	}
	for i, c := range s.Body {
		w.maybe(c.Test)
		if first >= 0 {
			w.insert(w.colon(c)+1, w.count(first+i)+";")
		}
		w.list(c.Consequent)
	}
}

// colon is where the one of a case is.
func (w *walker) colon(c *ast.CaseStatement) int {
	at := syntax.Offset(c.Case) + len("default")
	if c.Test != nil {
		at = w.Extent(c.Test).End
	}
	return w.Find(at, ':')
}
