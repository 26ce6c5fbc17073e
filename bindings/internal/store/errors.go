package store

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"syscall"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Reasons why state cannot be kept; test with errors.Is.
var (
	// ErrReadOnly: the file or directory cannot be written.
	ErrReadOnly = errors.New("the state directory is read-only")
	// ErrFull: no space left, or a quota or file size limit was hit.
	ErrFull = errors.New("the disk is full")
	// ErrInUse: another process holds the files.
	ErrInUse = errors.New("another miniworker is using this state directory")
	// ErrCorrupt: the file is not a readable database.
	ErrCorrupt = errors.New("the file is damaged or not a database")
)

// GenericError is the code of what is wrong with a statement.
const GenericError = sqlite3.SQLITE_ERROR

// Error is a failure reported by SQLite.
type Error struct {
	Code    int    // extended result code
	Message string // SQLite's own text
	Offset  int    // byte offset into the SQL, or -1
	Path    string // database file
	Errno   int    // the operating system's error number, if any
}

// Error names the file when the environment is at fault, and is SQLite's own
// text otherwise.
func (e *Error) Error() string {
	if why := e.Unwrap(); why != nil {
		return fmt.Sprintf("%s: %v: %s%s", e.Path, why, e.Message, advice(why))
	}
	return e.Message
}

// Unwrap is one of the reasons above, or nil for errors in the SQL itself.
func (e *Error) Unwrap() error {
	switch e.Code & 0xff {
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_CANTOPEN:
		if r := errnoReason(syscall.Errno(e.Errno)); r != nil {
			return r
		}
		return ErrReadOnly
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_BUSY:
		return ErrInUse
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrCorrupt
	case sqlite3.SQLITE_IOERR:
		return errnoReason(syscall.Errno(e.Errno))
	}
	return nil
}

func errnoReason(n syscall.Errno) error {
	switch {
	case n == 0:
		return nil
	case isFull(n):
		return ErrFull
	case errors.Is(n, fs.ErrPermission) || n == syscall.EROFS:
		return ErrReadOnly
	}
	return nil
}

// advice is what the user can do about a reason.
func advice(why error) string {
	switch why {
	case ErrReadOnly:
		return " (make it writable or choose another one with --persist-to)"
	case ErrFull:
		return " (free some space or choose another directory with --persist-to)"
	case ErrInUse:
		return " (stop the other one or choose another directory with --persist-to)"
	}
	return ""
}

// FileError explains a failed file operation on path the way Error explains a
// failed database operation. It returns nil for nil.
func FileError(path string, err error) error {
	if err == nil {
		return nil
	}
	var n syscall.Errno
	if errors.As(err, &n) {
		if why := errnoReason(n); why != nil {
			return fmt.Errorf("%s: %w: %w%s", path, why, n, advice(why))
		}
	}
	if strings.Contains(err.Error(), path) {
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// Text is the error in the form Cloudflare's runtime shows it to applications:
// message, position and symbolic code.
func (e *Error) Text() string {
	var b strings.Builder
	b.WriteString(e.Message)
	if e.Offset >= 0 {
		b.WriteString(" at offset " + strconv.Itoa(e.Offset))
	}
	b.WriteString(": " + codeName(e.Code&0xff))
	if e.Code > 0xff {
		b.WriteString(" (extended: " + codeName(e.Code) + ")")
	}
	return b.String()
}

// IsConstraint reports whether err is a violated constraint.
func IsConstraint(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code&0xff == sqlite3.SQLITE_CONSTRAINT
}

// IsInterrupt reports whether err comes from Interrupt.
func IsInterrupt(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code&0xff == sqlite3.SQLITE_INTERRUPT
}

func (d *DB) err(rc int32) error {
	return &Error{
		Code:    int(rc),
		Message: libc.GoString(sqlite3.Xsqlite3_errmsg(d.tls, d.db)),
		Offset:  int(sqlite3.Xsqlite3_error_offset(d.tls, d.db)),
		Path:    d.path,
		Errno:   int(sqlite3.Xsqlite3_system_errno(d.tls, d.db)),
	}
}

func errstr(rc int32) string {
	tls := libc.NewTLS()
	defer tls.Close()
	return libc.GoString(sqlite3.Xsqlite3_errstr(tls, rc))
}

func codeName(code int) string {
	if name, ok := codeNames[code]; ok {
		return name
	}
	return "SQLITE_ERROR_" + strconv.Itoa(code)
}

var codeNames = map[int]string{
	sqlite3.SQLITE_ERROR:                 "SQLITE_ERROR",
	sqlite3.SQLITE_INTERNAL:              "SQLITE_INTERNAL",
	sqlite3.SQLITE_PERM:                  "SQLITE_PERM",
	sqlite3.SQLITE_ABORT:                 "SQLITE_ABORT",
	sqlite3.SQLITE_BUSY:                  "SQLITE_BUSY",
	sqlite3.SQLITE_LOCKED:                "SQLITE_LOCKED",
	sqlite3.SQLITE_NOMEM:                 "SQLITE_NOMEM",
	sqlite3.SQLITE_READONLY:              "SQLITE_READONLY",
	sqlite3.SQLITE_INTERRUPT:             "SQLITE_INTERRUPT",
	sqlite3.SQLITE_IOERR:                 "SQLITE_IOERR",
	sqlite3.SQLITE_CORRUPT:               "SQLITE_CORRUPT",
	sqlite3.SQLITE_NOTFOUND:              "SQLITE_NOTFOUND",
	sqlite3.SQLITE_FULL:                  "SQLITE_FULL",
	sqlite3.SQLITE_CANTOPEN:              "SQLITE_CANTOPEN",
	sqlite3.SQLITE_SCHEMA:                "SQLITE_SCHEMA",
	sqlite3.SQLITE_TOOBIG:                "SQLITE_TOOBIG",
	sqlite3.SQLITE_CONSTRAINT:            "SQLITE_CONSTRAINT",
	sqlite3.SQLITE_MISMATCH:              "SQLITE_MISMATCH",
	sqlite3.SQLITE_MISUSE:                "SQLITE_MISUSE",
	sqlite3.SQLITE_AUTH:                  "SQLITE_AUTH",
	sqlite3.SQLITE_RANGE:                 "SQLITE_RANGE",
	sqlite3.SQLITE_NOTADB:                "SQLITE_NOTADB",
	sqlite3.SQLITE_ABORT_ROLLBACK:        "SQLITE_ABORT_ROLLBACK",
	sqlite3.SQLITE_CONSTRAINT_CHECK:      "SQLITE_CONSTRAINT_CHECK",
	sqlite3.SQLITE_CONSTRAINT_COMMITHOOK: "SQLITE_CONSTRAINT_COMMITHOOK",
	sqlite3.SQLITE_CONSTRAINT_DATATYPE:   "SQLITE_CONSTRAINT_DATATYPE",
	sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: "SQLITE_CONSTRAINT_FOREIGNKEY",
	sqlite3.SQLITE_CONSTRAINT_FUNCTION:   "SQLITE_CONSTRAINT_FUNCTION",
	sqlite3.SQLITE_CONSTRAINT_NOTNULL:    "SQLITE_CONSTRAINT_NOTNULL",
	sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: "SQLITE_CONSTRAINT_PRIMARYKEY",
	sqlite3.SQLITE_CONSTRAINT_ROWID:      "SQLITE_CONSTRAINT_ROWID",
	sqlite3.SQLITE_CONSTRAINT_TRIGGER:    "SQLITE_CONSTRAINT_TRIGGER",
	sqlite3.SQLITE_CONSTRAINT_UNIQUE:     "SQLITE_CONSTRAINT_UNIQUE",
	sqlite3.SQLITE_CONSTRAINT_VTAB:       "SQLITE_CONSTRAINT_VTAB",
}
