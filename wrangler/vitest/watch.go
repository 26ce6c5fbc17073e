package vitest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/miniworker/miniworker/wrangler/project"
	"github.com/miniworker/miniworker/wrangler/watch"
)

// Watch runs the tests, and after each change those that it touches, until ctx
// ends or somebody presses q. Errors of the project are printed, and it waits
// until they are mended; the error is about the machine.
func Watch(ctx context.Context, o Options) error {
	files, err := watch.New()
	if err != nil {
		return err
	}
	defer files.Close()
	w := &watching{opts: o, files: files, last: map[string]*File{}}
	defer w.close()
	if err := w.open(ctx); err != nil {
		return err
	}
	if err := w.rerun(ctx, "", w.known); err != nil {
		return err
	}
	for ctx.Err() == nil && !w.quit {
		if len(w.later) > 0 {
			key := w.later[0]
			w.later = w.later[1:]
			if err := w.press(ctx, key); err != nil {
				return err
			}
			continue
		}
		select {
		case <-ctx.Done():
		case batch := <-files.Batches():
			err = w.changed(ctx, batch)
		case err = <-files.Errors():
			if errors.Is(err, watch.ErrOverflow) {
				err = w.reopen(ctx)
			}
		case key := <-o.Keys:
			err = w.press(ctx, key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// watching is a run that goes on.
type watching struct {
	opts  Options
	files *watch.Watcher
	// s is the session, which ends with a change of the configuration; nil while
	// the project has errors.
	s *session
	// known are the test files, last what became of each.
	known []string
	last  map[string]*File
	// prompt asks for a line, and line is what was typed of it.
	prompt *prompt
	line   []byte
	quit   bool
	// later are keys that were pressed during a run.
	later []byte
}

func (w *watching) close() {
	if w.s != nil {
		w.s.close()
		w.s = nil
	}
}

// open reads the project anew.
func (w *watching) open(ctx context.Context) error {
	w.close()
	s, err := newSession(w.opts)
	if err != nil {
		return err
	}
	w.s = s
	if w.known, err = s.files(); err != nil {
		return err
	}
	switch err := s.compile(ctx); {
	case errors.Is(err, ErrConfig):
		w.watchAll(s)
		w.close()
	case err != nil:
		return err
	}
	return nil
}

func (w *watching) reopen(ctx context.Context) error {
	if err := w.open(ctx); err != nil {
		return err
	}
	return w.rerun(ctx, "the project", w.known)
}

// rerun runs files, because of what changed.
func (w *watching) rerun(ctx context.Context, why string, files []string) error {
	if why != "" {
		w.heading(" RERUN ", why)
	}
	if w.s != nil && len(files) > 0 {
		run, err := w.attend(ctx, files)
		if err != nil {
			return err
		}
		for _, f := range run.Files {
			w.last[f.Path] = f
		}
	}
	if w.quit || ctx.Err() != nil {
		return nil
	}
	w.watchAll(w.s)
	w.waiting()
	return nil
}

// attend runs files and listens for the end of the session meanwhile.
func (w *watching) attend(ctx context.Context, files []string) (*Run, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reporters, done := w.s.opts.Reporters, func() error { return nil }
	if w.opts.Renew != nil {
		var err error
		if reporters, done, err = w.opts.Renew(); err != nil {
			return nil, err
		}
	}
	w.s.again(reporters)
	type outcome struct {
		run *Run
		err error
	}
	ended := make(chan outcome, 1)
	go func() {
		run, err := w.s.run(ctx, files)
		ended <- outcome{run, err}
	}()
	for {
		select {
		case o := <-ended:
			return o.run, errors.Join(o.err, done())
		case key := <-w.opts.Keys:
			if ends(key) {
				w.quit = true
				cancel()
			} else {
				w.later = append(w.later, key)
			}
		}
	}
}

// changed runs what a batch of changes touches.
func (w *watching) changed(ctx context.Context, batch watch.Batch) error {
	what := project.Display(w.opts.Root, slices.Sorted(maps.Keys(batch))[0])
	if w.s == nil || w.configChanged(batch) {
		if err := w.open(ctx); err != nil {
			return err
		}
		return w.rerun(ctx, what, w.known)
	}
	files, err := w.touched(ctx, batch)
	switch {
	case errors.Is(err, ErrConfig): // of another worker; it was printed
		w.watchAll(w.s)
		w.close()
		w.waiting()
		return nil
	case err != nil:
		return err
	}
	if len(files) == 0 {
		w.watchAll(w.s)
		return nil
	}
	return w.rerun(ctx, what, files)
}

// configChanged reports whether a configuration, or what it reads, changed.
func (w *watching) configChanged(batch watch.Batch) bool {
	for _, loc := range w.opts.Locations {
		if batch.Has(loc.Path) || batch.Has(loc.UserPath) {
			return true
		}
	}
	for _, c := range w.s.configs {
		if slices.ContainsFunc(c.WatchFiles, batch.Has) || c.Assets != nil && batch.Under(c.Assets.Directory) {
			return true
		}
	}
	return false
}

// touched are the test files whose outcome a batch can change.
func (w *watching) touched(ctx context.Context, batch watch.Batch) ([]string, error) {
	others := map[string]bool{} // workers whose own bundles changed
	for name, inputs := range w.s.inputs {
		if batch.Touches(inputs, importable) {
			others[name] = true
		}
	}
	if len(others) > 0 {
		if err := w.s.compileOthers(ctx); err != nil {
			return nil, err
		}
	}
	if batch.Structural() {
		var err error
		if w.known, err = w.s.files(); err != nil {
			return nil, err
		}
	}
	var out []string
	for _, path := range w.known {
		f := w.last[path]
		beside := len(others) > 1 || len(others) == 1 && !others[w.s.main(path).Config.Name]
		if f == nil || beside || batch.Touches(f.inputs, importable) {
			out = append(out, path)
		}
	}
	return out, nil
}

var testName = regexp.MustCompile(`\.(test|spec)\.[cm]?[jt]sx?$`)

// importable reports whether an import can mean a file; none means a test.
func importable(file string) bool {
	switch filepath.Ext(file) {
	case ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json":
		return !testName.MatchString(file)
	}
	return false
}

// watchAll watches everything the run is made of.
func (w *watching) watchAll(s *session) {
	dirs := watch.Tree(w.opts.Root)
	file := func(path string) {
		if path != "" {
			dirs = append(dirs, filepath.Dir(path))
		}
	}
	for _, loc := range w.opts.Locations {
		file(loc.Path)
		file(loc.UserPath)
	}
	for _, f := range w.last {
		for _, in := range f.inputs {
			file(in)
		}
	}
	if s != nil {
		for _, c := range s.configs {
			file(c.Main)
			for _, f := range c.WatchFiles {
				file(f)
			}
			if c.Assets != nil {
				dirs = append(dirs, watch.Tree(c.Assets.Directory)...)
			}
		}
		for _, inputs := range s.inputs {
			for _, in := range inputs {
				file(in)
			}
		}
	}
	if _, err := w.files.Watch(dirs); err != nil {
		fmt.Fprintf(w.opts.Out, "warning: %v\n", err)
	}
}

// failed are the test files that failed last.
func (w *watching) failed() (out []string) {
	for _, path := range w.known {
		if f := w.last[path]; f != nil && f.Failed() {
			out = append(out, path)
		}
	}
	return out
}

func (w *watching) style(code, s string) string {
	return (&Terminal{Color: w.opts.Color}).style(code, s)
}

// heading begins a run.
func (w *watching) heading(label, why string) {
	if w.opts.Keys != nil {
		fmt.Fprint(w.opts.Out, "\x1b[H\x1b[2J\x1b[3J")
	}
	fmt.Fprintf(w.opts.Out, "\n%s %s\n\n", w.style("1;44;37", label), why)
}

// waiting says how the last runs ended and what to do.
func (w *watching) waiting() {
	state, code := " PASS ", "1;42;30"
	switch {
	case w.s == nil || len(w.failed()) > 0:
		state, code = " FAIL ", badge
	case len(w.known) == 0:
		state, code = " NONE ", badge
	}
	fmt.Fprintf(w.opts.Out, "\n%s Waiting for file changes...\n", w.style(code, state))
	if w.opts.Keys != nil {
		fmt.Fprintf(w.opts.Out, "       %s\n", w.style(dim, "press h to show help, press q to quit"))
	}
}

// prompt is a question whose answer is a line.
type prompt struct {
	question string
	answer   func(ctx context.Context, line string) error
}

const keysHelp = `
  a, Enter  run all tests
  f         run the files that failed
  u         run all and write snapshots anew
  p         run only files whose path contains a text
  t         run only tests whose name matches a pattern
  q         quit
`

// ends reports whether a key is the end.
func ends(key byte) bool { return key == 'q' || key == 3 || key == 4 }

func (w *watching) press(ctx context.Context, key byte) error {
	if w.prompt != nil {
		return w.typed(ctx, key)
	}
	switch key {
	case 'a', '\r', '\n':
		return w.rerun(ctx, "all tests", w.known)
	case 'f':
		return w.rerun(ctx, "the files that failed", w.failed())
	case 'u':
		if w.s == nil {
			return nil
		}
		w.s.opts.Update = "all"
		err := w.rerun(ctx, "all tests, writing snapshots", w.known)
		if w.s != nil {
			w.s.opts.Update = w.opts.Update
		}
		return err
	case 'p':
		w.ask("files whose path contains", func(ctx context.Context, line string) error {
			w.opts.Filters = strings.Fields(line)
			return w.reopen(ctx)
		})
	case 't':
		w.ask("tests whose name matches", func(ctx context.Context, line string) error {
			if _, err := regexp.Compile(line); err != nil {
				fmt.Fprintf(w.opts.Out, "%v\n", err)
				return nil
			}
			w.opts.TestName = line
			return w.reopen(ctx)
		})
	case 'h', '?':
		fmt.Fprint(w.opts.Out, keysHelp)
	default:
		w.quit = ends(key)
	}
	return nil
}

func (w *watching) ask(question string, answer func(ctx context.Context, line string) error) {
	w.prompt, w.line = &prompt{question, answer}, nil
	fmt.Fprintf(w.opts.Out, "\n%s (empty for all): ", question)
}

// typed takes a key of an answer.
func (w *watching) typed(ctx context.Context, key byte) error {
	switch key {
	case '\r', '\n':
		p := w.prompt
		w.prompt = nil
		fmt.Fprintln(w.opts.Out)
		return p.answer(ctx, string(w.line))
	case 27, 3: // Escape, Ctrl-C
		w.prompt = nil
		fmt.Fprintln(w.opts.Out)
	case 8, 127:
		if len(w.line) > 0 {
			_, n := utf8.DecodeLastRune(w.line)
			w.line = w.line[:len(w.line)-n]
			fmt.Fprint(w.opts.Out, "\b \b")
		}
	default:
		if key >= ' ' {
			w.line = append(w.line, key)
			fmt.Fprintf(w.opts.Out, "%s", []byte{key})
		}
	}
	return nil
}
