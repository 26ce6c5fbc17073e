package jsg

import (
	"errors"
	"fmt"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"

	"github.com/miniworker/miniworker/runtime/jsg/syntax"
)

// Program is compiled source, shared by any number of realms.
type Program struct {
	p            *goja.Program
	name, source string
}

// SyntaxError is source the engine does not take.
type SyntaxError struct {
	File      string
	Line, Col int
	Message   string
}

// Error implements error.
func (e *SyntaxError) Error() string { return "SyntaxError: " + e.Message }

// Compile parses and compiles source, as sloppy code unless it says otherwise.
func Compile(name, source string) (program *Program, err error) {
	// The engine's parser panics on a few valid programs (docs/engine.md).
	defer func() {
		if x := recover(); x != nil {
			program, err = nil, &SyntaxError{File: name, Message: fmt.Sprintf("the engine cannot parse this: %v", x)}
		}
	}()
	ast, err := parser.ParseFile(nil, name, source, 0, parser.WithDisableSourceMaps)
	if err == nil {
		syntax.Correct(source, ast)
		var p *goja.Program
		if p, err = goja.CompileAST(ast, false); err == nil {
			improve(p)
			return &Program{p, name, source}, nil
		}
	}
	var list parser.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		first := list[0]
		return nil, &SyntaxError{File: name, Line: first.Position.Line, Col: first.Position.Column, Message: first.Message}
	}
	var compileErr *goja.CompilerSyntaxError
	if errors.As(err, &compileErr) && compileErr.File != nil {
		pos := compileErr.File.Position(compileErr.Offset)
		return nil, &SyntaxError{File: name, Line: pos.Line, Col: pos.Column, Message: compileErr.Message}
	}
	return nil, &SyntaxError{File: name, Message: err.Error()}
}

// MustCompile is Compile for constant sources.
func MustCompile(name, source string) *Program {
	p, err := Compile(name, source)
	if err != nil {
		panic(err)
	}
	return p
}

// Run evaluates a program and returns its completion value.
func (js *Scope) Run(p *Program) (Value, error) {
	if js.sources == nil {
		js.sources = map[string]string{}
	}
	js.sources[p.name] = p.source
	v, err := js.rt.RunProgram(p.p)
	return orUndefined(v), js.wrapError(err)
}
