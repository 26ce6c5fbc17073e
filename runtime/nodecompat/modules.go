package nodecompat

// module is one node: module.
type module struct {
	name string
	// flag is the compatibility flag the module needs beside nodejs_compat.
	flag string
	// polyfilled is set where wrangler has an implementation for the time before
	// the flag, and not only functions that throw.
	polyfilled bool
	// v2 is set where version 1 of nodejs_compat lacks the module.
	v2 bool
	// prefixed is set where the name is one only with "node:" before it.
	prefixed bool
}

// native reports whether workerd itself has the module under these flags.
func (m *module) native(flag func(string) bool) bool {
	return (m.flag == "" || flag(m.flag)) && (!m.v2 || flag("nodejs_compat_v2"))
}

const (
	httpFlag   = "enable_nodejs_http_modules"
	serverFlag = "enable_nodejs_http_server_modules"
)

// modules are all there are, with the name of the file in js/ or vendor/ that
// holds them (slashes and all).
var modules = []module{
	{name: "_http_agent", flag: httpFlag},
	{name: "_http_client", flag: httpFlag},
	{name: "_http_common", flag: httpFlag},
	{name: "_http_incoming", flag: httpFlag},
	{name: "_http_outgoing", flag: httpFlag},
	{name: "_http_server", flag: serverFlag},
	{name: "_stream_duplex"},
	{name: "_stream_passthrough"},
	{name: "_stream_readable"},
	{name: "_stream_transform"},
	{name: "_stream_wrap", flag: "enable_nodejs_stream_wrap_module"},
	{name: "_stream_writable"},
	{name: "_tls_common"},
	{name: "_tls_wrap"},
	{name: "assert"},
	{name: "assert/strict"},
	{name: "async_hooks"},
	{name: "buffer"},
	{name: "child_process", flag: "enable_nodejs_child_process_module"},
	{name: "cluster", flag: "enable_nodejs_cluster_module"},
	{name: "console", flag: "enable_nodejs_console_module", polyfilled: true},
	{name: "constants", polyfilled: true},
	{name: "crypto"},
	{name: "dgram", flag: "enable_nodejs_dgram_module"},
	{name: "diagnostics_channel"},
	{name: "dns"},
	{name: "dns/promises"},
	{name: "domain", flag: "enable_nodejs_domain_module"},
	{name: "events"},
	{name: "fs", flag: "enable_nodejs_fs_module"},
	{name: "fs/promises"},
	{name: "http", flag: httpFlag},
	{name: "http2", flag: "enable_nodejs_http2_module"},
	{name: "https", flag: httpFlag},
	{name: "inspector", flag: "enable_nodejs_inspector_module"},
	{name: "inspector/promises", flag: "enable_nodejs_inspector_module"},
	{name: "module"},
	{name: "net"},
	{name: "os", flag: "enable_nodejs_os_module"},
	{name: "path"},
	{name: "path/posix"},
	{name: "path/win32"},
	{name: "perf_hooks", flag: "enable_nodejs_perf_hooks_module", polyfilled: true},
	{name: "process"},
	{name: "punycode", flag: "enable_nodejs_punycode_module", polyfilled: true},
	{name: "querystring"},
	{name: "readline", flag: "enable_nodejs_readline_module"},
	{name: "readline/promises", flag: "enable_nodejs_readline_module"},
	{name: "repl", flag: "enable_nodejs_repl_module"},
	{name: "sqlite", flag: "enable_nodejs_sqlite_module"},
	{name: "stream"},
	{name: "stream/consumers"},
	{name: "stream/promises"},
	{name: "stream/web"},
	{name: "string_decoder"},
	{name: "sys", v2: true},
	{name: "test", prefixed: true},
	{name: "timers"},
	{name: "timers/promises"},
	{name: "tls"},
	{name: "trace_events", flag: "enable_nodejs_trace_events_module"},
	{name: "tty", flag: "enable_nodejs_tty_module"},
	{name: "url"},
	{name: "util"},
	{name: "util/types"},
	{name: "v8", flag: "enable_nodejs_v8_module"},
	{name: "vm", flag: "enable_nodejs_vm_module"},
	{name: "wasi", flag: "enable_nodejs_wasi_module"},
	{name: "worker_threads", flag: "enable_nodejs_worker_threads_module"},
	{name: "zlib"},
}

// small is node:process where it is not the one of version 2: it is there even
// without nodejs_compat.
var small = module{name: "process_small"}

func find(name string) *module {
	for i := range modules {
		if modules[i].name == name {
			return &modules[i]
		}
	}
	return nil
}

// Modules are the names of all modules, sorted.
func Modules() []string {
	names := make([]string, len(modules))
	for i := range modules {
		names[i] = modules[i].name
	}
	return names
}
