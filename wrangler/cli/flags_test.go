package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wranglerFlags are the flags of `wrangler dev`, hidden and global ones
// included.
var wranglerFlags = strings.Fields(`name compatibility-date compatibility-flags compatibility-flag latest assets no-bundle minify
	infer-origin-from-routes tunnel-allowed-mail
	ip port inspector-port inspector-ip routes route host local-upstream local-protocol https-key-path https-cert-path
	upstream-protocol var define alias jsx-factory jsx-fragment tsconfig remote local persist-to live-reload test-scheduled log-level
	show-interactive-dev-session types tunnel tunnel-name enable-containers bundle site site-include site-exclude node-compat
	x-new-config experimental-new-config config cwd env env-file profile install-skills`)

func TestEveryFlagIsKnown(t *testing.T) {
	t.Parallel()
	cmd := newDev(io.Discard)
	for _, name := range wranglerFlags {
		if cmd.Flags().Lookup(name) == nil {
			t.Errorf("--%s is not known", name)
		}
	}
	for short, name := range map[string]string{"c": "config", "e": "env", "r": "remote", "l": "local"} {
		if f := cmd.Flags().ShorthandLookup(short); f == nil || f.Name != name {
			t.Errorf("-%s is not --%s", short, name)
		}
	}
}

// TestIdleFlags uses each flag that has no effect: a notice or a refusal that
// names it and gives a reason.
func TestIdleFlags(t *testing.T) {
	t.Parallel()
	for _, f := range idleFlags {
		arg := "--" + f.name
		if f.takes {
			arg += "=https"
		}
		cmd := newDev(io.Discard)
		if err := cmd.ParseFlags([]string{arg}); err != nil {
			t.Errorf("%s: %v", arg, err)
			continue
		}
		notices, err := checkIdleFlags(cmd)
		switch {
		case f.refuse != "":
			if err == nil || !strings.HasPrefix(err.Error(), "--"+f.name+" is not available: ") {
				t.Errorf("%s: %v, want a refusal", arg, err)
			}
		case err != nil || len(notices) != 1 || !strings.HasPrefix(notices[0], "--"+f.name+" changes nothing here: ") || f.note == "":
			t.Errorf("%s: %q, %v, want one notice", arg, notices, err)
		}
	}
}

// TestIdleFlagsAreDocumented finds each in the tables of docs/dev.md.
func TestIdleFlagsAreDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "dev.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range idleFlags {
		if !f.hidden && !strings.Contains(string(text), "`--"+f.name+"`") {
			t.Errorf("docs/dev.md does not name --%s", f.name)
		}
	}
}

func TestParsePairs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, key, value string
		ok             bool
	}{
		{"A:b", "A", "b", true}, {"A:", "A", "", true}, {"URL:http://x:1", "URL", "http://x:1", true}, {"A", "", "", false}, {":b", "", "", false}, {"", "", "", false},
	} {
		got, err := parsePairs("var", []string{c.in})
		if (err == nil) != c.ok || c.ok && (got[0].Key != c.key || got[0].Value != c.value) {
			t.Errorf("%q: %v, %v", c.in, got, err)
		}
	}
}

func TestWorkerName(t *testing.T) {
	t.Parallel()
	for dir, want := range map[string]string{"my-app": "my-app", "My App_2": "my-app-2", "../": "worker", "...": "worker", "": "worker", "日本": "worker"} {
		if got := workerName(dir); got != want {
			t.Errorf("%q: %q, want %q", dir, got, want)
		}
	}
}
