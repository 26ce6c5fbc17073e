package config

// Class says how an environment treats a key.
type Class int

const (
	// TopLevel keys are read at the top level only.
	TopLevel Class = iota
	// Inheritable keys fall back to the top level as a whole.
	Inheritable
	// NotInheritable keys count only where they stand.
	NotInheritable
)

// String names the class.
func (c Class) String() string {
	return [...]string{"top level only", "inheritable", "not inheritable"}[c]
}

// Local says what a key does in local development.
type Local int

const (
	// Used keys change local behaviour.
	Used Local = iota
	// IgnoredLocally keys are checked and have no effect.
	IgnoredLocally
	// Refused keys name products without a local simulation: the binding exists
	// and fails with an explanation when it is used.
	Refused
	// Removed keys are errors, as in wrangler.
	Removed
)

// String names the status.
func (l Local) String() string {
	return [...]string{"used", "ignored", "refused", "removed"}[l]
}

// Key documents one configuration key.
type Key struct {
	Name  string
	Class Class
	Local Local
	// Type describes the accepted values.
	Type string
	// Product names what a binding key binds, "" for other keys.
	Product string
	// Note says why a key is ignored, refused or removed and what to do instead.
	Note string
}

// Keys lists every known key in documentation order.
func Keys() []Key {
	out := make([]Key, len(table))
	for i, k := range table {
		out[i] = Key{Name: k.name, Class: k.class, Local: k.local, Type: k.shape.text, Product: k.product, Note: k.note}
	}
	return out
}

// keySpec is a row of the table everything else is driven by.
type keySpec struct {
	name  string
	class Class
	local Local
	shape shape
	// product is the friendly name used in messages about binding names.
	product string
	// names finds the binding names in a value of this key.
	names func(v *value) []*value
	// note says why a key is not used, instead what to do about it.
	note    string
	instead string
}

// Where binding names stand in a value.
var (
	byBinding = func(v *value) []*value { return pick(v, "binding") }
	byName    = func(v *value) []*value { return pick(v, "name") }
)

// pick returns the member called key of an object, or of each element of a list.
func pick(v *value, key string) []*value {
	var out []*value
	add := func(e *value) {
		if n := e.get(key); n != nil && n.kind == kindString {
			out = append(out, n)
		}
	}
	if v.kind == kindObject {
		add(v)
	}
	for _, e := range v.list() {
		add(e)
	}
	return out
}

// within looks for names in a member of the value.
func within(member string, names func(*value) []*value) func(*value) []*value {
	return func(v *value) []*value {
		if m := v.get(member); m != nil {
			return names(m)
		}
		return nil
	}
}

// byKey takes the keys of a map as names.
func byKey(v *value) []*value {
	var out []*value
	for _, f := range v.members() {
		out = append(out, &value{kind: kindString, text: f.key, off: f.keyOff})
	}
	return out
}

const (
	deployOnly  = "only matters for a deployment"
	remoteOnly  = "has no local simulation: the binding exists and each use fails with an explanation"
	mockService = "Bind a Worker of your own under the same name with \"services\" and answer the calls there."
)

var tRemote = opt("remote", tBool)

// table holds every key, in the order of Cloudflare's documentation: top level
// only, inheritable, not inheritable. Compatibility tables, unknown-key hints,
// environment rules and validation are all read from it.
var table = []keySpec{
	{name: "$schema", class: TopLevel, local: IgnoredLocally, shape: tString, note: "read by editors"},
	{name: "env", class: TopLevel, shape: tMap(tObject)},
	{name: "send_metrics", class: TopLevel, local: IgnoredLocally, shape: tBool, note: "miniworker sends no metrics"},
	{name: "dependencies_instrumentation", class: TopLevel, local: IgnoredLocally, shape: tObj(opt("enabled", tBool), opt("exclude_packages", tStrings)), note: deployOnly},
	{name: "dev", class: TopLevel, shape: tDev},
	{name: "site", class: TopLevel, shape: tObj(req("bucket", tString), opt("include", tStrings), opt("exclude", tStrings), opt("entry-point", tString)), note: "legacy Workers Sites; use `assets`"},
	{name: "wasm_modules", class: TopLevel, shape: tMap(tString), product: "WASM Module", names: byKey, note: "service-worker format only"},
	{name: "text_blobs", class: TopLevel, shape: tMap(tString), product: "Text Blob", names: byKey, note: "service-worker format only"},
	{name: "data_blobs", class: TopLevel, shape: tMap(tString), product: "Data Blob", names: byKey, note: "service-worker format only"},
	{name: "alias", class: TopLevel, shape: tMap(tString)},
	{name: "keep_vars", class: TopLevel, local: IgnoredLocally, shape: tBool, note: deployOnly},
	{name: "addresses", class: TopLevel, local: IgnoredLocally, shape: tStrings, note: deployOnly},
	{name: "pages_build_output_dir", class: TopLevel, shape: tString, note: "marks a Pages project"},
	{name: "legacy_env", class: TopLevel, local: Removed, shape: tAny, note: "Service environments are gone; each environment is a Worker of its own. Delete the key."},

	{name: "name", class: Inheritable, shape: tName},
	{name: "account_id", class: Inheritable, local: IgnoredLocally, shape: tString, note: deployOnly},
	{name: "compatibility_date", class: Inheritable, shape: tDate},
	{name: "compatibility_flags", class: Inheritable, shape: tStrings},
	{name: "main", class: Inheritable, shape: tString},
	{name: "find_additional_modules", class: Inheritable, shape: tBool},
	{name: "preserve_file_names", class: Inheritable, shape: tBool},
	{name: "base_dir", class: Inheritable, shape: tString},
	{name: "workers_dev", class: Inheritable, shape: tBool},
	{name: "preview_urls", class: Inheritable, shape: tBool},
	{name: "route", class: Inheritable, shape: tRoute},
	{name: "routes", class: Inheritable, shape: tRoutes},
	{name: "tsconfig", class: Inheritable, shape: tString},
	{name: "jsx_factory", class: Inheritable, shape: tString},
	{name: "jsx_fragment", class: Inheritable, shape: tString},
	{name: "migrations", class: Inheritable, shape: tList(tMigration)},
	{name: "exports", class: Inheritable, shape: tMap(tExport)},
	{name: "triggers", class: Inheritable, shape: tObj(opt("crons", tStrings), opt("events", tAny))},
	{name: "limits", class: Inheritable, shape: tObj(opt("cpu_ms", tNumber), opt("subrequests", tNumber))},
	{name: "rules", class: Inheritable, shape: tList(tRule)},
	{name: "build", class: Inheritable, shape: tObj(opt("command", tString), opt("cwd", tString), opt("watch_dir", tStringOrStrings))},
	{name: "no_bundle", class: Inheritable, shape: tBool},
	{name: "minify", class: Inheritable, shape: tBool},
	{name: "keep_names", class: Inheritable, shape: tBool},
	{name: "first_party_worker", class: Inheritable, local: IgnoredLocally, shape: tBool, note: deployOnly},
	{name: "logfwdr", class: Inheritable, local: IgnoredLocally, shape: tObj(req("bindings", tList(tObj(req("name", tString), req("destination", tString))))), product: "logfwdr", names: within("bindings", byName), note: deployOnly},
	{name: "logpush", class: Inheritable, local: IgnoredLocally, shape: tBool, note: deployOnly},
	{name: "upload_source_maps", class: Inheritable, local: IgnoredLocally, shape: tBool, note: deployOnly},
	{name: "placement", class: Inheritable, local: IgnoredLocally, shape: tPlacement, note: "everything runs in one place locally"},
	{name: "assets", class: Inheritable, shape: tAssets, product: "Assets", names: byBinding},
	{name: "observability", class: Inheritable, local: IgnoredLocally, shape: tObservability, note: "logs go to the terminal locally"},
	{name: "access", class: Inheritable, shape: tObj(opt("dev", tObj(req("aud", tString), opt("identity", tAny))))},
	{name: "cache", class: Inheritable, shape: tObj(req("enabled", tBool), opt("cross_version_cache", tBool))},
	{name: "compliance_region", class: Inheritable, local: IgnoredLocally, shape: tEnum("public", "fedramp_high"), note: deployOnly},
	{name: "python_modules", class: Inheritable, shape: tObj(opt("exclude", tStrings))},
	{name: "previews", class: Inheritable, local: IgnoredLocally, shape: tObject, note: "only read when a preview is made"},
	{name: "node_compat", class: Inheritable, local: Removed, shape: tAny, note: "Use the `nodejs_compat` compatibility flag instead."},

	{name: "define", class: NotInheritable, shape: tMap(tString)},
	{name: "vars", class: NotInheritable, shape: tVars, product: "Environment Variable", names: byKey},
	{name: "secrets", class: NotInheritable, shape: tObj(opt("required", tStrings)), product: "Secret", names: func(v *value) []*value { return v.get("required").list() }},
	{name: "durable_objects", class: NotInheritable, shape: tObj(req("bindings", tList(tObj(req("name", tNonEmpty), req("class_name", tNonEmpty), opt("script_name", tString), opt("environment", tString)))), opt("code_update_strategy", tObject)), product: "Durable Object", names: within("bindings", byName)},
	{name: "workflows", class: NotInheritable, shape: tList(tWorkflow), product: "Workflow", names: byBinding},
	{name: "cloudchamber", class: NotInheritable, local: IgnoredLocally, shape: tObject, note: deployOnly},
	{name: "containers", class: NotInheritable, local: Refused, shape: tAny, product: "Containers", note: "objects run without their container: using `ctx.container` fails with an explanation", instead: "Run the container yourself and reach it over HTTP."},
	{name: "kv_namespaces", class: NotInheritable, shape: tList(tObj(req("binding", tNonEmpty), opt("id", tString), opt("preview_id", tString), tRemote)), product: "KV Namespace", names: byBinding},
	{name: "send_email", class: NotInheritable, shape: tList(tSendEmail), product: "Send Email", names: byName},
	{name: "queues", class: NotInheritable, shape: tQueues, product: "Queue", names: within("producers", byBinding)},
	{name: "connect", class: NotInheritable, shape: tList(tObj(req("protocol", tEnum("tcp")), req("port", tPort), opt("address", tString), opt("idle_timeout_ms", tNumber), opt("max_pending_bytes", tNumber)))},
	{name: "r2_buckets", class: NotInheritable, shape: tList(tR2), product: "R2 Bucket", names: byBinding},
	{name: "d1_databases", class: NotInheritable, shape: tList(tD1), product: "D1 Database", names: byBinding},
	{name: "vectorize", class: NotInheritable, local: Refused, shape: remoteList("index_name"), product: "Vectorize Index", names: byBinding, note: remoteOnly},
	{name: "ai_search_namespaces", class: NotInheritable, local: Refused, shape: remoteList("namespace"), product: "AI Search Namespace", names: byBinding, note: remoteOnly},
	{name: "ai_search", class: NotInheritable, local: Refused, shape: remoteList("instance_name"), product: "AI Search Instance", names: byBinding, note: remoteOnly},
	{name: "agent_memory", class: NotInheritable, local: Refused, shape: remoteList("namespace"), product: "Agent Memory", names: byBinding, note: remoteOnly},
	{name: "websearch", class: NotInheritable, local: Refused, shape: tObj(req("binding", tNonEmpty), tRemote), product: "Web Search", names: byBinding, note: remoteOnly},
	{name: "hyperdrive", class: NotInheritable, shape: tList(tObj(req("binding", tNonEmpty), opt("id", tString), opt("localConnectionString", tString), tRemote)), product: "Hyperdrive Config", names: byBinding},
	{name: "services", class: NotInheritable, shape: tList(tService), product: "Worker", names: byBinding},
	{name: "analytics_engine_datasets", class: NotInheritable, shape: tList(tObj(req("binding", tNonEmpty), opt("dataset", tString), tRemote)), product: "Analytics Engine Dataset", names: byBinding},
	{name: "browser", class: NotInheritable, shape: tObj(req("binding", tNonEmpty), tRemote), product: "Browser", names: byBinding},
	{name: "ai", class: NotInheritable, local: Refused, shape: tObj(req("binding", tNonEmpty), opt("staging", tBool), tRemote), product: "AI", names: byBinding, note: remoteOnly},
	{name: "images", class: NotInheritable, shape: tObj(req("binding", tNonEmpty), tRemote), product: "Images", names: byBinding},
	{name: "media", class: NotInheritable, local: Refused, shape: tObj(req("binding", tNonEmpty), tRemote), product: "Media", names: byBinding, note: remoteOnly},
	{name: "stream", class: NotInheritable, shape: tObj(req("binding", tNonEmpty), tRemote), product: "Stream", names: byBinding},
	{name: "version_metadata", class: NotInheritable, shape: tObj(req("binding", tNonEmpty)), product: "Worker Version Metadata", names: byBinding},
	{name: "unsafe", class: NotInheritable, local: Refused, shape: tObj(opt("bindings", tList(tObject)), opt("metadata", tObject), opt("capnp", tObject)), product: "Unsafe Metadata", names: within("bindings", byName), note: "names features of another runtime, which are not read"},
	{name: "mtls_certificates", class: NotInheritable, local: Refused, shape: remoteList("certificate_id"), product: "mTLS Certificate", names: byBinding, note: remoteOnly},
	{name: "tail_consumers", class: NotInheritable, shape: tList(tObj(req("service", tNonEmpty), opt("environment", tString)))},
	{name: "streaming_tail_consumers", class: NotInheritable, shape: tList(tObj(req("service", tNonEmpty)))},
	{name: "dispatch_namespaces", class: NotInheritable, local: Refused, shape: tList(tDispatch), product: "Dispatch Namespace", names: byBinding, note: remoteOnly},
	{name: "pipelines", class: NotInheritable, shape: tList(tObj(req("binding", tNonEmpty), opt("stream", tString), opt("pipeline", tString), tRemote)), product: "Pipeline", names: byBinding},
	{name: "secrets_store_secrets", class: NotInheritable, shape: tList(tObj(req("binding", tNonEmpty), req("store_id", tString), req("secret_name", tString))), product: "Secrets Store Secret", names: byBinding},
	{name: "analytics", class: NotInheritable, local: Refused, shape: tObj(req("binding", tNonEmpty), tRemote), product: "Analytics SQL", names: byBinding, note: remoteOnly},
	{name: "k2", class: NotInheritable, local: Refused, shape: remoteList("stream"), product: "K2 Stream", names: byBinding, note: remoteOnly},
	{name: "artifacts", class: NotInheritable, local: Refused, shape: remoteList("namespace"), product: "Artifacts", names: byBinding, note: remoteOnly},
	{name: "unsafe_hello_world", class: NotInheritable, local: Refused, shape: tList(tObj(req("binding", tNonEmpty), opt("enable_timer", tBool))), product: "Hello World", names: byBinding, note: "a demonstration binding; it has no use"},
	{name: "flagship", class: NotInheritable, local: Refused, shape: tList(tObj(req("binding", tNonEmpty), opt("app_id", tString), tRemote)), product: "Flagship", names: byBinding, note: remoteOnly},
	{name: "ratelimits", class: NotInheritable, shape: tList(tRatelimit), product: "Rate Limit", names: byName},
	{name: "worker_loaders", class: NotInheritable, shape: tList(tObj(req("binding", tNonEmpty))), product: "Worker Loader", names: byBinding},
	{name: "vpc_services", class: NotInheritable, local: Refused, shape: remoteList("service_id"), product: "VPC Service", names: byBinding, note: remoteOnly},
	{name: "vpc_networks", class: NotInheritable, local: Refused, shape: tList(tObj(req("binding", tNonEmpty), opt("tunnel_id", tString), opt("network_id", tString), tRemote)), product: "VPC Network", names: byBinding, note: remoteOnly},
}

// specOf finds a key by name; names lists are for hints.
var (
	specOf   = map[string]*keySpec{}
	topNames []string
	envNames []string
)

func init() {
	for i := range table {
		k := &table[i]
		specOf[k.name] = k
		if k.local == Removed {
			continue
		}
		topNames = append(topNames, k.name)
		if k.class != TopLevel {
			envNames = append(envNames, k.name)
		}
	}
}
