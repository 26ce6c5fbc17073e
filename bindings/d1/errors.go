package d1

import (
	"errors"

	"github.com/miniworker/miniworker/bindings/internal/appsql"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// The texts are those of D1 in wrangler 4.164, observed 2026-11.
var errNothing = &appsql.Error{Message: "No SQL statements detected."}

// textOf is what the application reads of a failure: SQLite's own texts, and
// nothing of the disk's.
func textOf(err error) string {
	var e *appsql.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return "internal error"
}

// failure is an error with a prefix, whose cause has the text without it.
func failure(prefix, text string, cause error) error {
	return &jsg.Error{Name: "Error", Message: prefix + ": " + text, Cause: cause, JSCause: &jsg.Error{Name: "Error", Message: text}}
}

func queryFailure(err error) error { return failure("D1_ERROR", textOf(err), err) }
