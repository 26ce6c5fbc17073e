package store

import (
	"sync"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Verdict is an Authorizer's answer.
type Verdict int32

// The possible verdicts.
const (
	Allow  = Verdict(sqlite3.SQLITE_OK)
	Deny   = Verdict(sqlite3.SQLITE_DENY)
	Ignore = Verdict(sqlite3.SQLITE_IGNORE)
)

// Op is what a statement being compiled wants to do.
type Op int32

// The operations an Authorizer is asked about.
const (
	OpCreateIndex       = Op(sqlite3.SQLITE_CREATE_INDEX)
	OpCreateTable       = Op(sqlite3.SQLITE_CREATE_TABLE)
	OpCreateTempIndex   = Op(sqlite3.SQLITE_CREATE_TEMP_INDEX)
	OpCreateTempTable   = Op(sqlite3.SQLITE_CREATE_TEMP_TABLE)
	OpCreateTempTrigger = Op(sqlite3.SQLITE_CREATE_TEMP_TRIGGER)
	OpCreateTempView    = Op(sqlite3.SQLITE_CREATE_TEMP_VIEW)
	OpCreateTrigger     = Op(sqlite3.SQLITE_CREATE_TRIGGER)
	OpCreateView        = Op(sqlite3.SQLITE_CREATE_VIEW)
	OpDelete            = Op(sqlite3.SQLITE_DELETE)
	OpDropIndex         = Op(sqlite3.SQLITE_DROP_INDEX)
	OpDropTable         = Op(sqlite3.SQLITE_DROP_TABLE)
	OpDropTempIndex     = Op(sqlite3.SQLITE_DROP_TEMP_INDEX)
	OpDropTempTable     = Op(sqlite3.SQLITE_DROP_TEMP_TABLE)
	OpDropTempTrigger   = Op(sqlite3.SQLITE_DROP_TEMP_TRIGGER)
	OpDropTempView      = Op(sqlite3.SQLITE_DROP_TEMP_VIEW)
	OpDropTrigger       = Op(sqlite3.SQLITE_DROP_TRIGGER)
	OpDropView          = Op(sqlite3.SQLITE_DROP_VIEW)
	OpInsert            = Op(sqlite3.SQLITE_INSERT)
	OpPragma            = Op(sqlite3.SQLITE_PRAGMA)
	OpRead              = Op(sqlite3.SQLITE_READ)
	OpSelect            = Op(sqlite3.SQLITE_SELECT)
	OpTransaction       = Op(sqlite3.SQLITE_TRANSACTION)
	OpUpdate            = Op(sqlite3.SQLITE_UPDATE)
	OpAttach            = Op(sqlite3.SQLITE_ATTACH)
	OpDetach            = Op(sqlite3.SQLITE_DETACH)
	OpAlterTable        = Op(sqlite3.SQLITE_ALTER_TABLE)
	OpReindex           = Op(sqlite3.SQLITE_REINDEX)
	OpAnalyze           = Op(sqlite3.SQLITE_ANALYZE)
	OpCreateVTable      = Op(sqlite3.SQLITE_CREATE_VTABLE)
	OpDropVTable        = Op(sqlite3.SQLITE_DROP_VTABLE)
	OpFunction          = Op(sqlite3.SQLITE_FUNCTION)
	OpSavepoint         = Op(sqlite3.SQLITE_SAVEPOINT)
	OpRecursive         = Op(sqlite3.SQLITE_RECURSIVE)
)

// Authorizer is asked while a statement is compiled. The meaning of arg1 and
// arg2 depends on op (https://sqlite.org/c3ref/c_alter_table.html); db is the
// schema ("main", "temp"), trigger the innermost trigger or view.
type Authorizer func(op Op, arg1, arg2, db, trigger string) Verdict

var authorizers sync.Map // sqlite3* → Authorizer

var authorizePtr = fp(authorize)

func authorize(_ *libc.TLS, db uintptr, op int32, arg1, arg2, schema, trigger uintptr) int32 {
	f, ok := authorizers.Load(db)
	if !ok {
		return sqlite3.SQLITE_OK
	}
	return int32(f.(Authorizer)(Op(op), cstring(arg1), cstring(arg2), cstring(schema), cstring(trigger)))
}

func cstring(p uintptr) string {
	if p == 0 {
		return ""
	}
	return libc.GoString(p)
}

// SetAuthorizer makes f judge every statement compiled from now on; nil
// removes it. Statements compiled earlier may be compiled again under f.
func (d *DB) SetAuthorizer(f Authorizer) {
	if f == nil {
		sqlite3.Xsqlite3_set_authorizer(d.tls, d.db, 0, 0)
		authorizers.Delete(d.db)
		return
	}
	authorizers.Store(d.db, f)
	sqlite3.Xsqlite3_set_authorizer(d.tls, d.db, authorizePtr, d.db)
}

func releaseAuthorizer(db uintptr) { authorizers.Delete(db) }
