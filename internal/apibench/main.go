// Command apibench compares what calls of Web APIs cost in miniworker and in
// workerd: the cases of testdata/bench/api, the same code in both, asked over
// HTTP for as many calls as take long enough to measure. It also compiles a
// large bundle, which workerd does in its own time.
//
// It deliberately is no test: figures depend on the machine. It fails if the two
// give different answers.
//
//	go run ./internal/apibench -oracle DIR [-run REGEXP] [-time DURATION]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/miniworker/miniworker/runtime/jsg"
)

const date = "2026-08-01"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "apibench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	oracle := flag.String("oracle", os.Getenv("ORACLE"), "directory whose node_modules holds workerd; without it only miniworker is measured")
	dir := flag.String("dir", filepath.Join("testdata", "bench", "api"), "directory of the worker")
	program := flag.String("miniworker", filepath.Join("bin", "miniworker"), "program to measure")
	only := flag.String("run", "", "only cases that match")
	enough := flag.Duration("time", 300*time.Millisecond, "least time one measurement takes")
	flag.Parse()
	pattern, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	ours, err := startOurs(ctx, *program, *dir)
	if err != nil {
		return err
	}
	defer ours.stop()
	targets := []*target{ours}
	if *oracle != "" {
		theirs, err := startWorkerd(ctx, *oracle, *dir)
		if err != nil {
			return err
		}
		defer theirs.stop()
		targets = append(targets, theirs)
	}
	if err := compare(ctx, targets, pattern, *enough); err != nil {
		return err
	}
	return compile()
}

// target is a running server of the cases.
type target struct {
	name, address string
	stop          func()
}

func startOurs(ctx context.Context, program, dir string) (*target, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	state, err := os.MkdirTemp("", "apibench")
	if err != nil {
		return nil, err
	}
	t, err := start(ctx, "miniworker", port, program, "dev", filepath.Join(dir, "worker.js"), "--compatibility-date", date, "--port", port, "--persist-to", state)
	return cleaning(t, state), err
}

func startWorkerd(ctx context.Context, from, dir string) (*target, error) {
	found, _ := filepath.Glob(filepath.Join(from, "node_modules", "@cloudflare", "workerd-*", "bin", "workerd"))
	if len(found) == 0 {
		return nil, fmt.Errorf("no workerd in %s/node_modules", from)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "apibench")
	if err != nil {
		return nil, err
	}
	code, err := os.ReadFile(filepath.Join(dir, "worker.js"))
	if err != nil {
		return nil, err
	}
	config := fmt.Sprintf(`using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "w", worker = (modules = [(name = "worker.js", esModule = embed "worker.js")], compatibilityDate = %q))],
  sockets = [(name = "http", address = "127.0.0.1:%s", http = (), service = "w")]);`, date, port)
	file := filepath.Join(tmp, "config.capnp")
	if err := errors.Join(os.WriteFile(filepath.Join(tmp, "worker.js"), code, 0o644), os.WriteFile(file, []byte(config), 0o644)); err != nil {
		return nil, err
	}
	t, err := start(ctx, "workerd", port, found[0], "serve", file)
	return cleaning(t, tmp), err
}

// cleaning removes a directory when the target stops.
func cleaning(t *target, dir string) *target {
	if t == nil {
		os.RemoveAll(dir)
		return nil
	}
	stop := t.stop
	t.stop = func() { stop(); os.RemoveAll(dir) }
	return t
}

func start(ctx context.Context, name, port, program string, args ...string) (*target, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	t := &target{name: name, address: "http://127.0.0.1:" + port + "/", stop: func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	}}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if _, err := t.ask(ctx, ""); err == nil {
			return t, nil
		} else if time.Now().After(deadline) {
			t.stop()
			return nil, fmt.Errorf("%s: %w\n%s", name, err, output.String())
		}
	}
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

func (t *target) ask(ctx context.Context, query string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.address+query, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", t.name, resp.Status, body)
	}
	return string(body), err
}

// measure is the time of one call: as many are asked for as take long enough,
// less what a request for none takes.
func (t *target) measure(ctx context.Context, name string, enough time.Duration) (time.Duration, error) {
	once := func(n int) (time.Duration, error) {
		began := time.Now()
		_, err := t.ask(ctx, "?"+url.Values{"case": {name}, "n": {fmt.Sprint(n)}}.Encode())
		return time.Since(began), err
	}
	empty, err := once(0)
	if err != nil {
		return 0, err
	}
	for n := 1; ; n *= 4 {
		took, err := once(n)
		if err != nil {
			return 0, err
		}
		if took >= enough {
			return max(took-empty, 0) / time.Duration(n), nil
		}
	}
}

func compare(ctx context.Context, targets []*target, pattern *regexp.Regexp, enough time.Duration) error {
	list, err := targets[0].ask(ctx, "")
	if err != nil {
		return err
	}
	var names []string
	if err := json.Unmarshal([]byte(list), &names); err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "case\tminiworker\tworkerd\ttimes slower\t")
	for _, name := range names {
		if !pattern.MatchString(name) {
			continue
		}
		row := name
		var took []time.Duration
		var answers []string
		for _, t := range targets {
			answer, err := t.ask(ctx, "?"+url.Values{"case": {name}, "n": {"1"}}.Encode())
			if err != nil {
				return err
			}
			d, err := t.measure(ctx, name, enough)
			if err != nil {
				return err
			}
			took, answers = append(took, d), append(answers, answer)
			row += "\t" + d.String()
		}
		if len(targets) > 1 {
			if answers[0] != answers[1] && name != "error stack" {
				return fmt.Errorf("%s: %s answers %s, %s answers %s", name, targets[0].name, answers[0], targets[1].name, answers[1])
			}
			row += fmt.Sprintf("\t%.1f", float64(took[0])/float64(max(took[1], 1)))
		}
		fmt.Fprintln(w, row+"\t")
	}
	return w.Flush()
}

// compile measures parsing and compiling a bundle of two megabytes.
func compile() error {
	const unit = `const f%[1]d=(a,{b=1,...c}={})=>{class K%[1]d{#p=a;get v(){return this.#p?.x??b}static s=%[1]d;async m(...r){for(const[k,v]of Object.entries(c))try{await this[k](v,...r)}catch(e){if(e instanceof TypeError)throw e}finally{r.push(` + "`${k}:${v}`" + `)}return r.map((x)=>x*2).filter(Boolean)}}return new K%[1]d()};
`
	var b strings.Builder
	for i := 0; b.Len() < 2<<20; i++ {
		fmt.Fprintf(&b, unit, i)
	}
	began := time.Now()
	if _, err := jsg.Compile("bundle.js", b.String()); err != nil {
		return err
	}
	fmt.Printf("\nparse and compile a bundle of %.1f MB: %v\n", float64(b.Len())/(1<<20), time.Since(began))
	return nil
}
