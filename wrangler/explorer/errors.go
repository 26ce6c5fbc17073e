package explorer

import (
	"errors"
	"net/http"

	"github.com/miniworker/miniworker/bindings/kv"
	"github.com/miniworker/miniworker/bindings/r2"
)

// refusal is err as the API tells it.
func refusal(err error) *Error {
	if own, ok := errors.AsType[*Error](err); ok {
		return own
	}
	if e, ok := errors.AsType[*r2.Error](err); ok {
		return &Error{e.Status, e.Code, e.Message}
	}
	if e, ok := errors.AsType[*kv.Error](err); ok {
		return &Error{e.Status, 10001, e.Message}
	}
	return &Error{http.StatusInternalServerError, 10000, err.Error()}
}
