// Package bundle turns a Worker's entry file into one script the engine can
// run: it drives esbuild with the settings Wrangler uses, lowers the syntax the
// engine lacks, and rewrites esbuild's module output into a function that the
// runtime calls with its module loader.
//
// Emulated: Wrangler's target, conditions, platform, defines, aliases, tsconfig
// and JSX settings, module rules with fallthrough, find_additional_modules,
// no_bundle, custom build commands, both Worker formats. External modules
// (cloudflare:*, node:* with nodejs_compat) stay imports that the runtime
// answers.
//
// Deliberately not: Python modules, Wrangler's middleware injection, unenv
// polyfills (the runtime has its own node modules), output folders. Modules
// that Wrangler would upload separately are linked into the one script.
//
// The truth: https://developers.cloudflare.com/workers/wrangler/bundling/ and
// https://developers.cloudflare.com/workers/wrangler/configuration/#bundling.
//
// # Script contract
//
// Bundle.Script is one parenthesised function expression taking __mw; it is
// async exactly when Bundle.TLA is set. The function offers no result: it calls
// __mw.exports(getters) first, where getters maps export names to functions
// that read the live binding, then evaluates the modules. It uses
//
//	__mw.import(specifier, names) namespace of an external module; throws if unknown;
//	                              names, if given, are the exports that have to exist
//	__mw.dynamicImport(specifier) promise of such a namespace
//	__mw.meta                     the import.meta object
//	__mw.module(id)               value of Bundle.Modules[id]
//	__mw.exports(getters)         registers the exports, once, modules format only
package bundle

import "encoding/hex"

// Format says how a Worker is written.
type Format int

const (
	// FormatAuto picks FormatModules when the entry exports something.
	FormatAuto Format = iota
	// FormatModules is an entry with exports, the usual form.
	FormatModules
	// FormatServiceWorker is an entry that calls addEventListener("fetch", …).
	FormatServiceWorker
)

// String returns the name Wrangler uses.
func (f Format) String() string {
	switch f {
	case FormatModules:
		return "modules"
	case FormatServiceWorker:
		return "service-worker"
	}
	return "auto"
}

// ModuleType is the type of a rule and of an additional module.
type ModuleType string

// The module types of the `rules` key that can be used.
const (
	ESModule     ModuleType = "ESModule"
	CommonJS     ModuleType = "CommonJS"
	CompiledWasm ModuleType = "CompiledWasm"
	Text         ModuleType = "Text"
	Data         ModuleType = "Data"
)

// Rule is one element of the `rules` key.
type Rule struct {
	Type        ModuleType
	Globs       []string
	Fallthrough bool
}

// Module is a file that a rule made a module of its own.
type Module struct {
	Type ModuleType
	Name string // path relative to the base directory, with slashes
	File string // absolute path
	Data []byte
}

// CheckError is what Options.Check found wrong with a script, at a 1-based
// position of it.
type CheckError struct {
	Line, Col int
	Message   string
}

// Options is everything that decides what a bundle looks like.
type Options struct {
	Entry string // entry file; relative to Dir
	Dir   string // absolute directory of the configuration file
	// DisplayDir is what paths in diagnostics are relative to. Default: Dir.
	DisplayDir string
	BaseDir    string // root of additional modules; default: directory of Entry
	// Source, if set, is the text of the entry in place of what the file holds;
	// it resolves imports from Dir.
	Source string

	// Tests are absolute paths of test files, whose module mocks are honoured
	// (see mocks.go).
	Tests []string

	Define, Alias           map[string]string
	Conditions              []string // default: workerd, worker, browser
	Platform                string   // "browser" (default), "node" or "neutral"
	Rules                   []Rule   // before the built-in ones
	TSConfig                string
	JSXFactory, JSXFragment string
	External                []string // further specifiers the runtime answers

	Minify, NoBundle      bool
	KeepNames             bool // names of classes and functions survive; Wrangler's default
	FindAdditionalModules bool
	Format                Format

	NodeCompat bool   // nodejs_compat is on: node modules are external
	NodeALS    bool   // nodejs_als is on: only node:async_hooks is external
	Navigator  bool   // global_navigator is on: navigator.userAgent is constant
	NodeEnv    string // value of process.env.NODE_ENV; default "development"

	// RegExp is what the runtime's RegExp constructor can do beyond the engine's.
	RegExp RegExpFeature
	// RegExpLiteral, if set, tells whether a literal has to go through that
	// constructor to be right, or why it is none.
	RegExpLiteral func(pattern, flags string) (bool, error)

	// LowerClassFields writes class fields as assignments in constructors.
	// Builder quotes the fields the engine cannot parse, so this is rarely needed.
	LowerClassFields bool
	// Check, if set, parses the finished script the way the runtime will; what
	// it finds becomes a diagnostic in the user's own file.
	Check func(script []byte) *CheckError
	// Instrument, if set, gives what to add to the finished script, in order; all
	// code the script imports is kept then, used or not.
	Instrument func(b *Bundle) ([]Insertion, error)
	// Getenv reads the environment (WRANGLER_BUILD_*, NODE_ENV). Default os.Getenv.
	Getenv func(string) string
}

// Bundle is the result of one build. It is immutable and safe for concurrent use.
type Bundle struct {
	Script    []byte
	SourceMap []byte // version 3, for Script; sources are relative to the config directory
	Modules   map[string]Module
	Externals []string // external specifiers imported, sorted
	Exports   []string // names the entry exports, sorted; stars of externals not included
	Format    Format
	TLA       bool     // Script is an async function
	Inputs    []string // absolute files the build read, sorted
	Hash      string   // changes when Script, SourceMap positions or Modules change

	dir  string
	maps lazyMap
}

func hashOf(sum []byte) string { return hex.EncodeToString(sum) }
