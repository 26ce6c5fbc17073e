package routes

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/wrangler/config"
)

type vectorFile struct {
	Defaults struct {
		Zones     []string `json:"zones"`
		Subdomain string   `json:"workers_dev_subdomain"`
		Method    string   `json:"method"`
		Main      string   `json:"main"`
	} `json:"defaults"`
	Vectors []json.RawMessage `json:"vectors"`
}

type vector struct {
	ID, Title, Kind string
	Rules           []string
	World           vectorWorld
	Caller          *vectorCaller
	Request         struct {
		URL, Method string
		Headers     map[string]string
	}
	Expect vectorExpect
	known  bool // from a file whose reasons are ours
}

type vectorWorld struct {
	Zones           []string                     `json:"zones"`
	Subdomain       string                       `json:"workers_dev_subdomain"`
	CustomHostnames map[string]string            `json:"custom_hostnames"`
	Negative        []vectorRoute                `json:"routes_without_worker"`
	Workers         []map[string]json.RawMessage `json:"workers"`
}

type vectorRoute struct {
	Pattern  string `json:"pattern"`
	ZoneName string `json:"zone_name"`
	ZoneID   string `json:"zone_id"`
}

// UnmarshalJSON takes the string form too.
func (r *vectorRoute) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &r.Pattern)
	}
	type plain vectorRoute
	return json.Unmarshal(b, (*plain)(r))
}

type vectorCaller struct {
	Worker, API, Binding string
	EnteredBy            string `json:"entered_by"`
}

type vectorExpect struct {
	Outcome, Worker, Via, Reason string
	Pattern                      *string
	AlsoMatched                  []struct{ Worker, Via, Pattern string } `json:"also_matched"`
	NegatedBy                    string                                  `json:"negated_by"`
	ErrorCode                    int                                     `json:"error_code"`
	Status                       int
	Location, Asset              string
	Headers                      map[string]*string
	Diagnostics                  []struct {
		Code, Severity, Subject string
		Workers                 []string
		APICode                 int `json:"api_code"`
		Message                 string
		MessageContains         []string `json:"message_contains"`
	}
	Absent        []string
	NoOtherErrors bool `json:"no_other_errors"`
	Effective     map[string]struct {
		WorkersDev  *bool `json:"workers_dev"`
		PreviewURLs *bool `json:"preview_urls"`
	}
}

// project is a vector's world, loaded.
type project struct {
	sources []Source
	configs []*config.Config
	table   *routing.Table
}

// writeWorld writes the Workers to disk and loads them.
func writeWorld(t *testing.T, file *vectorFile, v *vector) *project {
	t.Helper()
	p := &project{}
	root := t.TempDir()
	for i, w := range v.World.Workers {
		dir := filepath.Join(root, string(rune('a'+i)))
		src := writeWorker(t, file, w, dir)
		if src.Config == nil {
			t.Fatalf("the configuration cannot be read: %v", src.Diags)
		}
		p.sources = append(p.sources, src)
		p.configs = append(p.configs, src.Config)
	}
	a := Account{Zones: v.World.Zones, WorkersDevSubdomain: v.World.Subdomain, CustomHostnames: v.World.CustomHostnames}
	for _, r := range v.World.Negative {
		a.Negative = append(a.Negative, routing.Route{Pattern: r.Pattern, ZoneName: r.ZoneName, ZoneID: r.ZoneID})
	}
	p.table = Table(p.configs, a)
	return p
}

func writeWorker(t *testing.T, file *vectorFile, w map[string]json.RawMessage, dir string) Source {
	t.Helper()
	fields := map[string]json.RawMessage{}
	var extra struct {
		Files     []string `json:"asset_files"`
		Redirects *string  `json:"_redirects"`
		Headers   *string  `json:"_headers"`
		Env       string   `json:"select_env"`
	}
	whole, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(whole, &extra); err != nil {
		t.Fatal(err)
	}
	for k, val := range w {
		switch k {
		case "asset_files", "_redirects", "_headers", "select_env":
		default:
			fields[k] = val
		}
	}
	main := file.Defaults.Main
	if raw, ok := fields["main"]; ok {
		main = ""
		if err := json.Unmarshal(raw, &main); err != nil {
			t.Fatal(err)
		}
		delete(fields, "main")
	}
	if main != "" {
		fields["main"], _ = json.Marshal(main)
		write(t, filepath.Join(dir, main), "export default { fetch() { return new Response() } }\n")
	}
	if raw, ok := fields["assets"]; ok {
		var a struct{ Directory string }
		if err := json.Unmarshal(raw, &a); err != nil {
			t.Fatal(err)
		}
		public := filepath.Join(dir, a.Directory)
		if err := os.MkdirAll(public, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, f := range extra.Files {
			write(t, filepath.Join(public, f), "contents of "+f)
		}
		if extra.Redirects != nil {
			write(t, filepath.Join(public, "_redirects"), *extra.Redirects)
		}
		if extra.Headers != nil {
			write(t, filepath.Join(public, "_headers"), *extra.Headers)
		}
	}
	text, err := json.MarshalIndent(fields, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "wrangler.jsonc")
	write(t, path, string(text))
	c, diags := config.Load(path, config.LoadOptions{Env: extra.Env, NoVarFiles: true})
	return Source{Config: c, Diags: diags}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
