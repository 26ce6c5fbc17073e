package vitest

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

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
