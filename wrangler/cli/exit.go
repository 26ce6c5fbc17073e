package cli

// exitError carries the exit code of a command that has more than two.
type exitError struct {
	code int
	// err is printed; nil if everything was said already.
	err error
}

// Error implements error.
func (e *exitError) Error() string {
	if e.err == nil {
		return "failed"
	}
	return e.err.Error()
}

// Unwrap gives the cause.
func (e *exitError) Unwrap() error { return e.err }

// Exit codes of commands that check something.
const (
	exitFindings = 1
	exitUnusable = 2
)

// unusable marks an error of what a command was given.
func unusable(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{code: exitUnusable, err: err}
}
