package queues

import (
	"errors"
	"fmt"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Error is a refusal of the queue.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

func refusal(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }

// jsError is what the application sees. The code is the one wrangler's simulator
// always gives, whose text says nothing but "Unknown Internal Error".
func jsError(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return &jsg.Error{Name: "Error", Message: e.Message + " (15000)", Cause: err}
	}
	return &jsg.Error{Name: "Error", Message: "Unknown Internal Error (15000)", Cause: err}
}
