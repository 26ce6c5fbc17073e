package kv

import "fmt"

// Error is a refusal by KV. Codes and messages are those of the KV simulator in
// wrangler 4.164.
type Error struct {
	Status  int // HTTP status
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("%d %s", e.Status, e.Message) }

// Text is the message of the Error that the binding's method throws, given what
// KV calls the operation: GET, PUT, DELETE, GET_BULK.
func (e *Error) Text(operation string) string { return "KV " + operation + " failed: " + e.Error() }

func refusal(status int, format string, args ...any) error {
	return &Error{status, fmt.Sprintf(format, args...)}
}

// errInternal is what applications see of failures on the host's side.
var errInternal = &Error{500, "Internal Server Error"}
