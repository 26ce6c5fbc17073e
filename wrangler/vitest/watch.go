package vitest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

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
	s, err := newSession(ctx, w.opts)
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
			if o.err == nil {
				_, o.err = w.s.reportCoverage(ctx)
			}
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
