package compat

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/diag"
)

func TestResolve(t *testing.T) {
	for _, c := range []struct {
		date  string
		flags string
		on    string
		off   string
	}{
		{"2021-11-02", "", "r2_public_beta_bindings", "formdata_parser_supports_files"},
		{"2021-11-03", "", "formdata_parser_supports_files", "formdata_parser_converts_files_to_strings fetch_refuses_unknown_protocols"},
		{"2024-09-22", "nodejs_compat", "nodejs_compat", "nodejs_compat_v2 nodejs_zlib no_nodejs_compat"},
		{"2024-09-23", "nodejs_compat", "nodejs_compat nodejs_compat_v2 nodejs_zlib", "enable_nodejs_fs_module"},
		{"2024-09-23", "nodejs_compat no_nodejs_compat_v2", "nodejs_compat nodejs_zlib no_nodejs_compat_v2", "nodejs_compat_v2"},
		{"2025-09-01", "nodejs_compat", "enable_nodejs_http_modules enable_nodejs_http_server_modules", ""},
		{"2025-09-01", "nodejs_compat disable_nodejs_http_modules", "disable_nodejs_http_modules", "enable_nodejs_http_modules enable_nodejs_http_server_modules"},
		{"2026-08-03", "", "no_nodejs_compat", "nodejs_compat enable_nodejs_fs_module"},
		{"2026-08-04", "", "nodejs_compat nodejs_compat_v2 enable_nodejs_fs_module", ""},
		{"2026-08-04", "no_nodejs_compat no_nodejs_compat_v2", "", "nodejs_compat nodejs_compat_v2 enable_nodejs_fs_module"},
		{"2025-08-07", "", "cache_option_enabled cache_no_cache_enabled", ""},
		{"2025-08-07", "cache_option_disabled", "", "cache_option_enabled cache_no_cache_enabled"},
		{"2026-11-16", "", "global_fetch_private_origin", "enable_request_signal global_fetch_strictly_public"},
		{"2026-11-17", "global_fetch_strictly_public", "enable_request_signal global_fetch_strictly_public", "no_such_flag temporal"},
		{"2022-08-04", "", "r2_list_honor_include", ""},
		{"2020-01-01", "pedantic_wpt experimental", "pedantic_wpt experimental", "strip_bom_in_read_all_text"},
		{"2028-04-30", "", "remove_nodejs_compat_eol_v22 remove_nodejs_compat_eol_v23 remove_nodejs_compat_eol_v24", ""},
	} {
		on, diags := Resolve(c.date, strings.Fields(c.flags))
		if slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Code != CodeNoEffect }) {
			t.Errorf("%s %s: %v", c.date, c.flags, diags)
		}
		for _, name := range strings.Fields(c.on) {
			if !on(name) {
				t.Errorf("%s [%s]: %s is off", c.date, c.flags, name)
			}
		}
		for _, name := range strings.Fields(c.off) {
			if on(name) {
				t.Errorf("%s [%s]: %s is on", c.date, c.flags, name)
			}
		}
	}
}

func TestFindings(t *testing.T) {
	for _, c := range []struct{ flags, code, text string }{
		{"nodejs_compatt", CodeUnknown, `"nodejs_compat"`},
		{"nodejs_compatibility", CodeUnknown, "correct or remove"},
		{"global_fetch_strictly_publik", CodeUnknown, `"global_fetch_strictly_public"`},
		{"nodejs_als no_nodejs_als", CodeContradictory, "contradict"},
		{"nodejs_als nodejs_als", CodeRepeated, "twice"},
		{"url_standard", CodeRedundant, "2022-10-31"},
		{"url_original", CodeNoEffect, `"url_standard"`},
		{"webgpu", CodeNoEffect, "not emulated"},
	} {
		_, diags := Resolve("2026-08-01", strings.Fields(c.flags))
		if len(diags) != 1 || diags[0].Code != c.code || !strings.Contains(diags[0].Message+diags[0].Hint, c.text) {
			t.Errorf("%s: %v, want %s about %s", c.flags, diags, c.code, c.text)
		}
	}
	if _, diags := Resolve("2022-10-30", []string{"url_standard"}); len(diags) != 0 {
		t.Error("needed flag called redundant:", diags)
	}
}

func TestTable(t *testing.T) {
	date := regexp.MustCompile(`^(\d{4}-\d\d-\d\d)?$`)
	var seen []string
	for _, f := range Flags() {
		for _, name := range []string{f.On, f.Off} {
			if slices.Contains(seen, name) && name != "" {
				t.Errorf("%s is there twice", name)
			}
			seen = append(seen, name)
		}
		if f.On == "" || f.On == f.Off || !date.MatchString(f.Since) || !date.MatchString(f.ImpliedSince) || (len(f.ImpliedBy) > 0) != (f.ImpliedSince != "") {
			t.Errorf("malformed: %+v", f)
		}
		for _, name := range f.ImpliedBy {
			if i, ok := index[name]; !ok || table[i].On != name {
				t.Errorf("%s is implied by the unknown %s", f.On, name)
			}
		}
		if f.Experimental && f.Since != "" {
			t.Errorf("%s is experimental and on by default", f.On)
		}
	}
}

func FuzzNearest(f *testing.F) {
	f.Add("nodejs_compatt")
	f.Add("")
	f.Fuzz(func(t *testing.T, name string) {
		if n := nearestFlag(name); n != "" && index[name] != 0 && n != name {
			t.Errorf("%q is known but nearest to %q", name, n)
		}
	})
}

// TestHere finds where the runtime asks for flags: each must be in the table,
// with what it changes.
func TestHere(t *testing.T) {
	asks := regexp.MustCompile(`\b(?:Flag|Since|flag)\("([a-zA-Z0-9_-]+)"\)`)
	for _, root := range []string{"../../runtime", "../../bindings", "../../wrangler/project"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range asks.FindAllStringSubmatch(string(source), -1) {
				name := m[1]
				if i, known := index[name]; !known || table[i].Here == "" {
					t.Errorf("%s asks for %s, which table.go does not know or has no Here for", path, name)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
