package oracle

import (
	"fmt"
	"os"
	"strings"
)

// Worker is one that workerd serves.
type Worker struct {
	Name string
	// Modules are files beside the configuration, named as they are imported;
	// the first is the main one.
	Modules []string
	// Script is a file in service-worker format, in place of modules.
	Script string
	Date   string
	Flags  []string
	// Port is where it listens, 0 for nowhere.
	Port int
	// Outbound is the worker its fetch goes to, "" for the network.
	Outbound string
}

// WriteConfig writes a configuration of workerd.
func WriteConfig(file string, workers []Worker) error {
	var services, sockets, text strings.Builder
	for i, w := range workers {
		fmt.Fprintf(&services, "(name = %q, worker = .w%d), ", w.Name, i)
		if w.Port != 0 {
			fmt.Fprintf(&sockets, "(name = %q, address = \"127.0.0.1:%d\", http = (), service = %[1]q), ", w.Name, w.Port)
		}
		code := fmt.Sprintf("serviceWorkerScript = embed %q", w.Script)
		if w.Script == "" {
			code = "modules = " + list(w.Modules, func(name string) string { return fmt.Sprintf("(name = %q, esModule = embed %[1]q)", name) })
		}
		outbound := ""
		if w.Outbound != "" {
			outbound = fmt.Sprintf(", globalOutbound = %q", w.Outbound)
		}
		flags := list(w.Flags, func(flag string) string { return fmt.Sprintf("%q", flag) })
		fmt.Fprintf(&text, "const w%d :Workerd.Worker = (%s, compatibilityDate = %q, compatibilityFlags = %s%s);\n", i, code, w.Date, flags, outbound)
	}
	config := fmt.Sprintf("using Workerd = import \"/workerd/workerd.capnp\";\nconst config :Workerd.Config = (\n  services = [%s],\n  sockets = [%s]);\n%s",
		strings.TrimSuffix(services.String(), ", "), strings.TrimSuffix(sockets.String(), ", "), &text)
	return os.WriteFile(file, []byte(config), 0o644)
}

func list(items []string, text func(string) string) string {
	var out []string
	for _, item := range items {
		out = append(out, text(item))
	}
	return "[" + strings.Join(out, ", ") + "]"
}
