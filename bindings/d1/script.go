package d1

import (
	"context"
	"errors"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/appsql"
)

// ScriptError is what is wrong with a statement of a script.
type ScriptError struct {
	// Offset is where in the script it is, in bytes.
	Offset int
	Err    error
}

// Error implements error.
func (e *ScriptError) Error() string { return e.Err.Error() }

// Unwrap gives the reason.
func (e *ScriptError) Unwrap() error { return e.Err }

// Script runs all statements of a text of any length as one transaction. each,
// if not nil, gets the result of every statement and how many bytes are done.
// BEGIN and COMMIT, with which dumps of other tools begin and end, count as
// comments. It reports how many statements there were.
func (d *Database) Script(ctx context.Context, text string, each func(r *Result, done int)) (n int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.use(); err != nil {
		return 0, err
	}
	err = d.transaction(true, func() error {
		n, err = d.script(ctx, text, each)
		return err
	})
	return n, appsql.Translate(err)
}

func (d *Database) script(ctx context.Context, text string, each func(r *Result, done int)) (n int, err error) {
	for rest := text; ; n++ {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		rest = strings.TrimLeft(rest, " \t\r\n\f")
		var r Result
		var after string
		found := false
		err := d.measure(&r, func() (*appsql.Cursor, error) {
			c, next, err := d.sql.ExecNext(rest)
			after, found = next, c != nil
			return c, err
		})
		if next, ok := skipTransaction(rest, err); ok {
			rest, n = next, n-1
			continue
		}
		if err != nil {
			return n, scriptError(len(text)-len(rest), err)
		}
		if !found {
			return n, nil
		}
		rest = after
		if each != nil {
			each(&r, len(text)-len(rest))
		}
	}
}

// skipTransaction gives the text after a BEGIN or COMMIT.
func skipTransaction(text string, err error) (rest string, ok bool) {
	if !errors.Is(err, appsql.ErrTransaction) {
		return "", false
	}
	statement, rest, _ := strings.Cut(text, ";")
	words := strings.Fields(strings.ToUpper(statement))
	return rest, len(words) > 0 && (words[0] == "BEGIN" || words[0] == "COMMIT" || words[0] == "END")
}

func scriptError(start int, err error) error {
	err = appsql.Translate(err)
	var e *appsql.Error
	if errors.As(err, &e) {
		start += e.Offset
	}
	return &ScriptError{start, err}
}
