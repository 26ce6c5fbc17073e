package appsql

import (
	"errors"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Error is an error of an application's SQL. Its text is exactly what
// Cloudflare's runtime throws as the message of an Error; observed on workerd
// 2026-05.
type Error struct {
	Message string
	// Offset is where in the statement it is, in bytes; 0 if that is not known.
	Offset int
}

func (e *Error) Error() string { return e.Message }

// The texts that are not SQLite's own.
var (
	ErrTransaction = &Error{Message: "To execute a transaction, please use the state.storage.transaction() or " +
		"state.storage.transactionSync() APIs instead of the SQL BEGIN TRANSACTION or SAVEPOINT statements. " +
		"The JavaScript API is safer because it will automatically roll back on exceptions, and because it " +
		"interacts correctly with Durable Objects' automatic atomic write coalescing."}
	ErrCursorClosed    = &Error{Message: "SQL cursor was closed because the database was reset or closed."}
	ErrDatabaseDeleted = &Error{Message: "SQLite query was canceled because the database was deleted."}

	errNoStatement = &Error{Message: "SQL code did not contain a statement."}
	errWrongParams = &Error{Message: "Wrong number of parameter bindings for SQL query."}
	errEarlyParams = &Error{Message: "When executing multiple SQL statements in a single call, only the last statement can have parameters."}
	errTooLong     = &Error{Message: "statement too long: SQLITE_TOOBIG"}
)

// Translate gives an error of SQLite the form applications see. Trouble with
// the disk keeps its own text, which names the file.
func Translate(err error) error {
	var e *store.Error
	if errors.As(err, &e) && e.Unwrap() == nil {
		return &Error{asInWorkerd(e).Text(), max(e.Offset, 0)}
	}
	return err
}

// asInWorkerd words the refusal of what its build of SQLite does not have, or
// refuses by itself.
func asInWorkerd(e *store.Error) *store.Error {
	c := *e
	switch e.Message {
	case "not authorized to use function: soundex":
		c.Message = "no such function: soundex"
	case "not authorized to use function: load_extension":
		c.Message, c.Offset = "not authorized", -1
	}
	for _, table := range ofPages {
		if strings.HasPrefix(e.Message, "access to "+table+".") {
			c.Message, c.Offset, c.Code = "no such table: "+table, -1, store.GenericError
		}
	}
	return &c
}
