package config

import (
	"encoding/json"

	"github.com/miniworker/miniworker/internal/diag"
)

// Config is one Worker as one environment sees it. Relative paths of the file
// are absolute here. Pos fields point at the value in the file that caused the
// entry; they are zero where a default or the command line did.
type Config struct {
	// Path is the file that was read, Dir its directory.
	Path string
	Dir  string
	// UserDir is the directory of the user's own configuration: it differs from
	// Dir only when a build tool redirected to a generated file. State, .dev.vars
	// and .env files live here.
	UserDir string
	// Env is the name of the resolved environment, "" for the top level.
	Env string

	Name string
	// TopLevelName is the name before an environment suffix was added.
	TopLevelName string
	NamePos      diag.Position

	// Main is the entry file, "" for a Worker made of assets only.
	Main    string
	MainPos diag.Position

	CompatibilityDate    string
	CompatibilityDatePos diag.Position
	CompatibilityFlags   []string

	AccountID string

	// Routes holds `routes`, or the one `route`, in file order.
	Routes []Route
	// RoutesInherited is set when an environment took its routes from the top level.
	RoutesInherited bool
	// WorkersDev is nil when unset; see WorkersDevEnabled for the effective value.
	WorkersDev  *bool
	PreviewURLs *bool

	Assets *Assets
	Site   *Site

	Vars    []Var
	Secrets *Secrets

	DurableObjects []DurableObjectBinding
	Migrations     []Migration
	Exports        []Export

	Services        []ServiceBinding
	KVNamespaces    []KVNamespace
	R2Buckets       []R2Bucket
	D1Databases     []D1Database
	Queues          Queues
	Workflows       []Workflow
	Hyperdrive      []Hyperdrive
	AnalyticsEngine []AnalyticsEngineDataset
	SendEmail       []SendEmail
	SecretsStore    []SecretsStoreSecret
	Ratelimits      []Ratelimit
	WorkerLoaders   []WorkerLoader
	Pipelines       []Pipeline
	Images          *SimpleBinding
	Stream          *SimpleBinding
	Browser         *SimpleBinding
	VersionMetadata *SimpleBinding
	TailConsumers   []TailConsumer
	StreamingTails  []TailConsumer
	Connect         []Connect
	WasmModules     []FileBinding
	TextBlobs       []FileBinding
	DataBlobs       []FileBinding

	Crons       []Cron
	Limits      *Limits
	Cache       *Cache
	Access      *Access
	Placement   json.RawMessage
	Containers  json.RawMessage
	Unsafe      json.RawMessage
	Rules       []Rule
	Build       Build
	NoBundle    bool
	Minify      bool
	KeepNames   bool // default true
	Define      []Pair
	Alias       []Pair
	TSConfig    string
	JSXFactory  string
	JSXFragment string
	// FindAdditionalModules follows NoBundle when unset.
	FindAdditionalModules bool
	// BaseDir is the directory of Main when unset.
	BaseDir           string
	PreserveFileNames bool
	PythonExclude     []string

	Dev Dev

	// Pages is set when pages_build_output_dir marks the file as a Pages project.
	Pages *Pages

	// Ignored lists keys that are valid and change nothing in local development.
	Ignored []Ignored
	// Unsupported lists bindings whose product has no local simulation.
	Unsupported []Unsupported
	// Remote lists bindings marked `remote: true`; they are simulated locally.
	Remote []RemoteBinding
	// EnvFiles lists the variable files that were read, in order, and WatchFiles
	// all that were looked for, so that a watcher can wait for them.
	EnvFiles   []string
	WatchFiles []string
}

// IsAssetsOnly reports whether the Worker has no code of its own.
func (c *Config) IsAssetsOnly() bool { return c.Main == "" && c.Assets != nil }

// WorkersDevEnabled is the effective value of workers_dev: on unless there are
// routes.
func (c *Config) WorkersDevEnabled() bool {
	if c.WorkersDev != nil {
		return *c.WorkersDev
	}
	return len(c.Routes) == 0
}

// PreviewURLsEnabled is the effective value of preview_urls, which follows
// workers_dev.
func (c *Config) PreviewURLsEnabled() bool {
	if c.PreviewURLs != nil {
		return *c.PreviewURLs
	}
	return c.WorkersDevEnabled()
}

// Route is one entry of `routes`.
type Route struct {
	Pattern      string
	ZoneName     string
	ZoneID       string
	CustomDomain bool
	// CustomDomainOff is set if "custom_domain": false was written, which is the
	// same as leaving it out but easily taken for a custom domain that is off.
	CustomDomainOff bool
	Enabled         *bool
	PreviewsEnabled *bool
	Pos             diag.Position
}

// HTMLHandling and NotFoundHandling values.
const (
	HTMLAutoTrailingSlash  = "auto-trailing-slash"
	HTMLForceTrailingSlash = "force-trailing-slash"
	HTMLDropTrailingSlash  = "drop-trailing-slash"
	HTMLNone               = "none"

	NotFoundNone = "none"
	NotFoundSPA  = "single-page-application"
	NotFound404  = "404-page"
)

// Assets is the static assets of a Worker, with defaults filled in.
type Assets struct {
	Directory string // absolute
	// RawDirectory is the directory as written, for messages.
	RawDirectory     string
	Binding          string
	HTMLHandling     string
	NotFoundHandling string
	RunWorkerFirst   RunWorkerFirst
	Pos              diag.Position
	BindingPos       diag.Position
}

// RunWorkerFirst is a boolean, or two lists of path patterns.
type RunWorkerFirst struct {
	// Always is `run_worker_first: true`.
	Always bool
	// Rules is the list as written; empty for the boolean form.
	Rules []string
	// Worker and Asset are Rules split by sign, the `!` removed.
	Worker []string
	Asset  []string
	Pos    diag.Position
}

// Site is the legacy Workers Sites section.
type Site struct {
	Bucket           string
	Include, Exclude []string
	EntryPoint       string
	Pos              diag.Position
}

// VarKind tells how a variable reaches the Worker.
type VarKind int

const (
	VarText VarKind = iota
	VarJSON
	VarSecret
)

// String names the kind as the platform does.
func (k VarKind) String() string {
	return [...]string{"plain_text", "json", "secret_text"}[k]
}

// MarshalText writes the platform's name.
func (k VarKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Var is one variable or secret, after all files and flags had their say.
type Var struct {
	Name string
	Kind VarKind
	// Value is the text of VarText and VarSecret; JSON the value of VarJSON.
	Value string
	JSON  json.RawMessage
	// Source says where the value came from: "vars", "--var", "process.env" or a
	// file name.
	Source string
	Pos    diag.Position
}

// Secrets is the `secrets` section.
type Secrets struct {
	Required []string
	// Missing lists required names with no local value.
	Missing []string
	Pos     diag.Position
}

// Cron is one cron expression of triggers.
type Cron struct {
	Expression string
	Pos        diag.Position
}

// Limits are the runtime limits a Worker asks for; nil is unset.
type Limits struct {
	CPUMs, Subrequests *int
	Pos                diag.Position
}

// Cache switches the entrypoint cache.
type Cache struct {
	Enabled, CrossVersion bool
	Pos                   diag.Position
}

// Access is what ctx.access holds locally.
type Access struct {
	Audience string
	Identity json.RawMessage
	Pos      diag.Position
}

// Module rule types.
const (
	RuleESModule     = "ESModule"
	RuleCommonJS     = "CommonJS"
	RuleCompiledWasm = "CompiledWasm"
	RuleText         = "Text"
	RuleData         = "Data"
	RulePython       = "PythonModule"
	RulePythonReq    = "PythonRequirement"
)

// Rule says which files are modules of which type.
type Rule struct {
	Type        string
	Globs       []string
	Fallthrough bool
	Pos         diag.Position
}

// Build is the custom build step. WatchDirs is ./src unless set, and empty
// without a command.
type Build struct {
	Command   string
	Cwd       string // absolute; "" is the caller's directory
	WatchDirs []string
	Pos       diag.Position
}

// Pair is one entry of an ordered string map.
type Pair struct {
	Key, Value string
	Pos        diag.Position
}

// Dev is the `dev` section; zero values are unset.
type Dev struct {
	IP               string
	Port             int
	InspectorIP      string
	InspectorPort    int
	LocalProtocol    string
	UpstreamProtocol string
	Host             string
	EnableContainers bool
	GenerateTypes    bool
	// ExposeEntrypoints is every entrypoint (All) or a map of export to alias.
	ExposeEntrypoints ExposeEntrypoints
	Pos               diag.Position
}

// ExposeEntrypoints gives entrypoints a local host name of their own.
type ExposeEntrypoints struct {
	All     bool
	Aliases []Pair
}

// Pages marks a Pages project.
type Pages struct {
	BuildOutputDir string
	Pos            diag.Position
}

// Ignored is a key that was accepted and has no effect locally.
type Ignored struct {
	Key    string
	Reason string
	Pos    diag.Position
}

// Unsupported is a binding that has no local simulation.
type Unsupported struct {
	Binding     string
	Kind        string // configuration key
	Product     string // name of the product for messages
	Reason      string
	Alternative string
	Pos         diag.Position
}

// RemoteBinding is a binding that asked for the remote resource.
type RemoteBinding struct {
	Binding, Kind string
	Pos           diag.Position
}
