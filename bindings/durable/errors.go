package durable

import (
	"errors"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// ErrBusy says that an object cannot be released: a transaction or a cursor is
// open.
var ErrBusy = errors.New("durable: the object's storage is in use")

// errRolledBack says that an earlier failure, such as a full disk, has undone
// the transaction that is still considered open.
var errRolledBack = errors.New("durable: the transaction was rolled back because of an earlier error")

var errClosed = errors.New("durable: the object's storage is closed")

// SQLError is an error of an application's SQL. Its text is exactly what
// Cloudflare's runtime throws as the message of an Error; observed on workerd
// 2026-05.
type SQLError struct{ Message string }

func (e *SQLError) Error() string { return e.Message }

// The texts that are not SQLite's own.
var (
	errTransaction = &SQLError{"To execute a transaction, please use the state.storage.transaction() or " +
		"state.storage.transactionSync() APIs instead of the SQL BEGIN TRANSACTION or SAVEPOINT statements. " +
		"The JavaScript API is safer because it will automatically roll back on exceptions, and because it " +
		"interacts correctly with Durable Objects' automatic atomic write coalescing."}
	errNoStatement  = &SQLError{"SQL code did not contain a statement."}
	errWrongParams  = &SQLError{"Wrong number of parameter bindings for SQL query."}
	errEarlyParams  = &SQLError{"When executing multiple SQL statements in a single call, only the last statement can have parameters."}
	errTooLong      = &SQLError{"statement too long: SQLITE_TOOBIG"}
	errCursorClosed = &SQLError{"SQL cursor was closed because the database was reset or closed."}

	errDeleteAllInTransaction = &SQLError{"Cannot call deleteAll() within a transaction"}
)

// sqlError gives an error of SQLite the form applications see. Trouble with
// the disk keeps its own text, which names the file.
func sqlError(err error) error {
	var e *store.Error
	if errors.As(err, &e) && e.Unwrap() == nil {
		return &SQLError{e.Text()}
	}
	return err
}
