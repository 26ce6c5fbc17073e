package durable

import (
	"errors"

	"github.com/miniworker/miniworker/bindings/internal/appsql"
)

// ErrBusy says that an object cannot be released: a transaction or a cursor is
// open.
var ErrBusy = errors.New("durable: the object's storage is in use")

// errRolledBack says that an earlier failure, such as a full disk, has undone
// the transaction that is still considered open.
var errRolledBack = errors.New("durable: the transaction was rolled back because of an earlier error")

var errClosed = errors.New("durable: the object's storage is closed")

var errDeleteAllInTransaction = &appsql.Error{Message: "Cannot call deleteAll() within a transaction"}
