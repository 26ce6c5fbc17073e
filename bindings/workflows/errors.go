package workflows

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Error is a refusal of the service. The texts are those of wrangler's simulator.
type Error struct {
	// Name is the class, "" for a plain Error, which callers see before the message.
	Name    string
	Message string
}

func (e *Error) Error() string {
	if e.Name == "" {
		return e.Message
	}
	return e.Name + ": " + e.Message
}

// refusal is an error of the service with a code.
func refusal(code, format string, args ...any) error {
	return &Error{"WorkflowError", "(" + code + ") " + fmt.Sprintf(format, args...)}
}

var (
	errNotFound   = &Error{Message: "instance.not_found"}
	errNoInstance = refusal("instance.not_found", "Instance does not exist")
	errFinal      = refusal("instance.cannot_terminate", "Cannot terminate instance since its on a finite state")
	errBadID      = &Error{"WorkflowError", "Workflow instance has invalid id"}
	errBadAddress = refusal("instance.invalid_id", "Instance ID is invalid")
	errArgument   = refusal("body", "Provided argument is invalid")
)

func errExists(id string) error {
	return refusal("instance.already_exists", "Workflow instance with id %q already exists", id)
}

func errNoStep(name string) error {
	return refusal("instance.cannot_restart", "Step %q not found in execution history", name)
}

// fatal is how an instance fails that did what nobody can retry.
func fatal(format string, args ...any) *Error {
	return &Error{"WorkflowFatalError", fmt.Sprintf(format, args...)}
}

func timedOut(ms float64) *Error {
	return &Error{"WorkflowTimeoutError", "Execution timed out after " + number(ms) + "ms"}
}

func internalError(format string, args ...any) *Error {
	return &Error{"WorkflowInternalError", fmt.Sprintf(format, args...)}
}

const nonRetryable = "NonRetryableError"

// What becomes of an instance whose code gave up.
var errGaveUp = fatal("The execution of the Workflow instance was terminated, as a step threw an NonRetryableError and it was not handled")

const docs = "See https://developers.cloudflare.com/workflows/build/sleeping-and-retrying/"

// remote is the error as it comes out of the service, which is another worker: one
// of a class that only that has is an Error with the name in its text.
func remote(e *Error) *jsg.Error {
	return &jsg.Error{Name: "Error", Message: e.Error(), Props: jsg.Flags("remote")}
}

// The limits of ids and names.
const (
	maxID       = 100
	maxAddress  = 271
	maxStepName = 256
	maxBatch    = 100
)

var (
	idPattern      = lazyPattern(`^[a-zA-Z0-9_][a-zA-Z0-9_-]*$`)
	addressPattern = lazyPattern(`^[a-zA-Z0-9, */#_-]+$`)
	reservedID     = lazyPattern(`^(batch|terminate|terminateAll|cf_[0-9a-f]{64})$`)
)

// lazyPattern compiles an expression when it is first wanted.
func lazyPattern(text string) func(s string) bool {
	re := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
	return func(s string) bool { return re().MatchString(s) }
}

func validID(id string) bool { return len(id) <= maxID && idPattern(id) }

func validAddress(id string) bool { return len(id) <= maxAddress && addressPattern(id) }

// validStepName takes the length in UTF-16 units.
func validStepName(name string, length int) bool {
	return length <= maxStepName && !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' })
}
