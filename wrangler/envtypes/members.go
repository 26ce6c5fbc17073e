package envtypes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/wrangler/config"
)

// members are what env has of one configuration, in wrangler's order.
func (w *writer) members(c *config.Config) []member {
	var out []member
	add := func(name, typ string) { out = append(out, member{name: name, typ: typ}) }
	storage(c, add)
	small(c, add)
	out = append(out, w.variables(c)...)
	w.linked(c, func(name, typ string) { out = append(out, member{name: name, typ: typ}) })
	return out
}

func storage(c *config.Config, add func(name, typ string)) {
	for _, b := range c.KVNamespaces {
		add(b.Binding, "KVNamespace")
	}
	for _, b := range c.R2Buckets {
		add(b.Binding, "R2Bucket")
	}
	for _, b := range c.D1Databases {
		add(b.Binding, "D1Database")
	}
	for _, b := range c.Hyperdrive {
		add(b.Binding, "Hyperdrive")
	}
	for _, b := range c.SendEmail {
		add(b.Name, "SendEmail")
	}
	for _, b := range c.AnalyticsEngine {
		add(b.Binding, "AnalyticsEngineDataset")
	}
	for _, b := range c.Queues.Producers {
		add(b.Binding, "Queue")
	}
	for _, b := range c.SecretsStore {
		add(b.Binding, "SecretsStoreSecret")
	}
	for _, b := range c.Ratelimits {
		add(b.Name, "RateLimit")
	}
	for _, b := range c.WorkerLoaders {
		add(b.Binding, "WorkerLoader")
	}
}

// unsupportedTypes are those of the kinds of bindings that are not simulated.
var unsupportedTypes = map[string]string{
	"vectorize": "VectorizeIndex", "dispatch_namespaces": "DispatchNamespace", "mtls_certificates": "Fetcher", "vpc_services": "Fetcher",
	"vpc_networks": "Fetcher", "ai": "Ai", "media": "MediaBinding", "artifacts": "Artifacts", "flagship": "Flagship",
	"ai_search": "AiSearchInstance", "ai_search_namespaces": "AiSearchNamespace", "agent_memory": "AgentMemoryNamespace",
	"websearch": "WebSearch", "unsafe_hello_world": "HelloWorldBinding",
}

func small(c *config.Config, add func(name, typ string)) {
	for _, u := range c.Unsupported {
		if typ := unsupportedTypes[u.Kind]; typ != "" {
			add(u.Binding, typ)
		}
	}
	for _, b := range []struct {
		binding *config.SimpleBinding
		typ     string
	}{{c.Browser, "BrowserRun"}, {c.Images, "ImagesBinding"}, {c.Stream, "StreamBinding"}, {c.VersionMetadata, "WorkerVersionMetadata"}} {
		if b.binding != nil {
			add(b.binding.Binding, b.typ)
		}
	}
	if c.Assets != nil && c.Assets.Binding != "" {
		add(c.Assets.Binding, "Fetcher")
	}
	for _, b := range c.Pipelines {
		add(b.Binding, `import("cloudflare:pipelines").Pipeline<import("cloudflare:pipelines").PipelineRecord>`)
	}
	for _, f := range c.WasmModules {
		add(f.Name, "WebAssembly.Module")
	}
	for _, f := range c.TextBlobs {
		add(f.Name, "string")
	}
	for _, f := range c.DataBlobs {
		add(f.Name, "ArrayBuffer")
	}
}

// variables are variables and, behind them, secrets.
func (w *writer) variables(c *config.Config) []member {
	var out, secret []member
	for _, v := range c.Vars {
		if v.Kind == config.VarSecret {
			secret = append(secret, member{name: v.Name, typ: "string"})
			continue
		}
		out = append(out, member{name: v.Name, typ: w.variable(v)})
	}
	if c.Secrets != nil {
		for _, name := range c.Secrets.Missing {
			secret = append(secret, member{name: name, typ: "string"})
		}
	}
	return append(out, secret...)
}

func (w *writer) variable(v config.Var) string {
	switch {
	case v.Kind == config.VarText && w.o.Loose:
		return "string"
	case v.Kind == config.VarText:
		return quoted(v.Value)
	case !w.o.Loose:
		var b bytes.Buffer
		if json.Compact(&b, v.JSON) != nil {
			return "unknown"
		}
		return b.String()
	}
	var value any
	if json.Unmarshal(v.JSON, &value) != nil {
		return "unknown"
	}
	list, ok := value.([]any)
	if !ok {
		return typeOf(value)
	}
	var types []string
	for _, e := range list {
		types = append(types, typeOf(e))
	}
	slices.Sort(types)
	switch types = slices.Compact(types); len(types) {
	case 0:
		return "unknown[]"
	case 1:
		return types[0] + "[]"
	}
	return "(" + strings.Join(types, "|") + ")[]"
}

// typeOf is what JavaScript's typeof says of a value.
func typeOf(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "boolean"
	}
	return "object"
}

// linked are bindings of code.
func (w *writer) linked(c *config.Config, add func(name, typ string)) {
	for _, b := range c.DurableObjects {
		add(b.Name, w.from(b.ScriptName, b.ClassName, "DurableObjectNamespace<%s>", "DurableObjectNamespace", "", ""))
	}
	for _, b := range c.Services {
		if b.Entrypoint == "" {
			add(b.Binding, w.from(b.Service, "default", "Service<typeof %s>", "Fetcher", b.Service, ""))
			continue
		}
		add(b.Binding, w.from(b.Service, b.Entrypoint, "Service<typeof %s>", "Service", "", "entrypoint "))
	}
	for _, b := range c.Workflows {
		add(b.Binding, w.from(b.ScriptName, b.ClassName, "Workflow<Parameters<%s['run']>[0]['payload']>", "Workflow", "", ""))
	}
	var unsafe struct {
		Bindings []struct{ Name, Type string }
	}
	_ = json.Unmarshal(c.Unsafe, &unsafe) // what is wrong with it was reported
	for _, b := range unsafe.Bindings {
		typ := "any"
		if b.Type == "ratelimit" {
			typ = "RateLimit"
		}
		add(b.Name, typ)
	}
}

// from is a type of a name that a worker exports ("" for the worker itself), or
// if that is not known, the type for anything with a comment: note, else prefix,
// the name and its worker.
func (w *writer) from(worker, name, known, unknown, note, prefix string) string {
	for _, o := range append([]Worker{w.o.Worker}, w.o.Others...) {
		if (worker == "" && o.Name == w.o.Worker.Name || o.Name == worker) && slices.Contains(o.Exports, name) && o.Main != "" {
			return fmt.Sprintf(known, fmt.Sprintf("import(%q).%s", w.specifier(o.Main), name))
		}
		if worker == "" {
			break
		}
	}
	if note == "" {
		note = prefix + name
		if worker != "" {
			note += " from " + worker
		}
	}
	return unknown + " /* " + note + " */"
}

// quoted is a string literal.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// key is a name of a member, quoted where it is no identifier.
func key(name string) string {
	for i, r := range name {
		letter := r == '_' || r == '$' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return quoted(name)
		}
	}
	return name
}

// pascal is the name of an environment as a part of a type's name.
func pascal(name string) string {
	var b strings.Builder
	up := true
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z' && up:
			b.WriteRune(r - 'a' + 'A')
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			up = true
			continue
		}
		up = false
	}
	return b.String()
}
