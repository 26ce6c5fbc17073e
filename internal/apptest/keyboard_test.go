//go:build unix

package apptest

import (
	"cmp"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// atTerminal runs "miniworker dev" on a terminal of its own, and after it stty,
// which tells how the terminal was left.
func atTerminal(t *testing.T, args string) (keys *os.File, shown *output) {
	t.Helper()
	sh := exec.Command("sh", "-c", `trap : INT QUIT; "$0" dev --port 0 --persist-to "$1" `+args+`; echo "exit code $?"; stty -a; echo end`,
		cmp.Or(os.Getenv(binaryVariable), binary), t.TempDir())
	sh.Dir = app("transport")
	sh.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "CI=") })
	sh.Env = append(sh.Env, "NO_COLOR=1", "GORACE=atexit_sleep_ms=0", "BROWSER=sh "+browserScript(t))
	terminal, err := pty.Start(sh)
	if err != nil {
		t.Fatal(err)
	}
	out := newOutput()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(out, terminal) // until the last of its programs has ended
		_ = sh.Wait()
	}()
	t.Cleanup(func() {
		terminal.Close()
		select {
		case <-done:
		case <-time.After(patience):
			_ = sh.Process.Kill()
			t.Error("the program does not stop when its terminal is gone")
		}
		if t.Failed() {
			t.Logf("the terminal shows:\n%s", out)
		}
	})
	return terminal, out
}

// browserScript stands for a browser: it writes down what it is asked to open.
func browserScript(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "browser.sh")
	if err := os.WriteFile(path, []byte(`echo "opened $1" > /dev/tty`), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// wholeLines is how stty shows a terminal that edits lines and echoes them.
var wholeLines = regexp.MustCompile(`(?s)exit code (\d+).*[^-]icanon.*[^-]echo .*end`)

// TestKeyboard presses the keys of an interactive session, and requires the
// terminal back as it was however that ends.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	const configs = "-c front/wrangler.jsonc -c back/wrangler.jsonc"
	press := func(t *testing.T, keys *os.File, text string) {
		t.Helper()
		if _, err := keys.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	ready := regexp.MustCompile(`b browser · e explorer · r restart the workers · c clear · x exit`)

	t.Run("keys", func(t *testing.T) {
		t.Parallel()
		keys, shown := atTerminal(t, configs)
		shown.wait(t, ready)
		press(t, keys, "b")
		shown.wait(t, regexp.MustCompile(`opened http://localhost:\d+`))
		press(t, keys, "r")
		shown.wait(t, regexp.MustCompile(`configuration reloaded`))
		press(t, keys, "c")
		shown.wait(t, regexp.MustCompile(`\x1b\[2J`))
		press(t, keys, "zx")
		if m := shown.wait(t, wholeLines); m[1] != "0" {
			t.Errorf("exit code %s", m[1])
		}
	})
	for name, c := range map[string]struct{ keys, code string }{
		"Ctrl-C": {"\x03", "0"}, "q": {"q", "0"}, "SIGQUIT": {"\x1c", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys, shown := atTerminal(t, configs)
			shown.wait(t, ready)
			press(t, keys, c.keys)
			if m := shown.wait(t, wholeLines); m[1] != c.code {
				t.Errorf("exit code %s, want %s", m[1], c.code)
			}
		})
	}
	t.Run("not interactive", func(t *testing.T) {
		t.Parallel()
		keys, shown := atTerminal(t, "--show-interactive-dev-session=false "+configs)
		shown.wait(t, listening)
		press(t, keys, "q\x03")
		shown.wait(t, wholeLines)
		if ready.MatchString(shown.String()) {
			t.Error("keys are offered")
		}
	})
}
