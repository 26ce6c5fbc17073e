package store

import sqlite3 "modernc.org/sqlite/lib"

// Limit is a bound a connection can set on the SQL it runs.
type Limit int32

// The limits Durable Objects and D1 set.
const (
	LimitLength       = Limit(sqlite3.SQLITE_LIMIT_LENGTH)
	LimitSQLLength    = Limit(sqlite3.SQLITE_LIMIT_SQL_LENGTH)
	LimitColumn       = Limit(sqlite3.SQLITE_LIMIT_COLUMN)
	LimitExprDepth    = Limit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH)
	LimitCompound     = Limit(sqlite3.SQLITE_LIMIT_COMPOUND_SELECT)
	LimitFunctionArgs = Limit(sqlite3.SQLITE_LIMIT_FUNCTION_ARG)
	LimitAttached     = Limit(sqlite3.SQLITE_LIMIT_ATTACHED)
	LimitLikePattern  = Limit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH)
	LimitVariables    = Limit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
	LimitTriggerDepth = Limit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH)
)

// SetLimit sets a limit and returns the old value; negative values only read.
func (d *DB) SetLimit(id Limit, n int) int {
	return int(sqlite3.Xsqlite3_limit(d.tls, d.db, int32(id), int32(n)))
}

// SetDefensive forbids SQL that could corrupt the file, such as writing to the
// schema table or to the shadow tables of virtual tables.
func (d *DB) SetDefensive() error {
	return d.setConfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE)
}
