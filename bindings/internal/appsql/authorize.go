package appsql

import (
	"slices"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// pragmas applications may use; observed on workerd.
var pragmas = []string{
	"case_sensitive_like", "data_version", "defer_foreign_keys", "foreign_key_check", "foreign_key_list",
	"foreign_keys", "ignore_check_constraints", "index_info", "index_list", "index_xinfo", "legacy_alter_table",
	"optimize", "page_size", "quick_check", "recursive_triggers", "reverse_unordered_selects", "table_info", "table_list",
	"table_xinfo",
}

// withArgument are the pragmas that are refused without one.
var withArgument = []string{"foreign_key_list", "index_info", "index_list", "index_xinfo", "table_info", "table_xinfo"}

// deniedFunctions tell about the engine or reach outside the database, or are
// none of those that workerd lists. Observed on it.
var deniedFunctions = []string{
	"ceiling", "edit", "fts3_tokenizer", "fts5", "fts5_insttoken", "fts5_source_id", "if", "json_error_position",
	"json_pretty", "load_extension", "log10", "power", "rtreedepth", "rtreenode", "soundex", "unistr", "unistr_quote", "sqlite_compileoption_get", "sqlite_compileoption_used", "sqlite_log", "sqlite_offset", "sqlite_source_id",
	"sqlite_version", "subtype",
}

// virtualTables applications may create.
var virtualTables = []string{"fts5", "fts5vocab", "rtree", "rtree_i32"}

// authorize judges a statement while the engine compiles it. Our own
// statements pass; they run with user unset.
func (c *Conn) authorize(op store.Op, arg1, arg2, schema, _ string) store.Verdict {
	if !c.user {
		return store.Allow
	}
	if !c.note(op, arg1, arg2) || private(tableOf(op, arg1, arg2)) {
		return store.Deny
	}
	ok := true
	switch op {
	case store.OpPragma:
		name := strings.ToLower(arg1)
		ok = slices.Contains(pragmas, name) && (arg2 != "" || !slices.Contains(withArgument, name)) && (arg2 == "" || name != "data_version")
		if name == "foreign_keys" && arg2 != "" {
			// Takes effect while compiling; on Cloudflare a transaction is
			// always open, which makes it do nothing.
			return store.Ignore
		}
	case store.OpFunction:
		name := strings.ToLower(arg2)
		ok = !slices.Contains(deniedFunctions, name) && !strings.HasPrefix(name, "geopoly")
	case store.OpCreateVTable:
		ok = slices.Contains(virtualTables, strings.ToLower(arg2))
	case store.OpAttach, store.OpDetach,
		store.OpCreateTempIndex, store.OpCreateTempTable, store.OpCreateTempTrigger, store.OpCreateTempView,
		store.OpDropTempIndex, store.OpDropTempTable, store.OpDropTempTrigger, store.OpDropTempView:
		ok = false
	}
	if !ok {
		return store.Deny
	}
	return store.Allow
}

// private reports whether a table is ours, or shows the pages of the file, as
// workerd's build has none that do. The engine ignores case in names, so these
// tables are refused in any spelling.
func private(table string) bool {
	return strings.HasPrefix(table, "_cf_") || slices.ContainsFunc(closed, func(name string) bool { return strings.EqualFold(table, name) })
}

var closed = append([]string{"_cf_KV", "_cf_METADATA"}, ofPages...)

var ofPages = []string{"dbstat", "sqlite_dbpage"}

// tableOf is the table an operation is about, if any.
func tableOf(op store.Op, arg1, arg2 string) string {
	switch op {
	case store.OpCreateIndex, store.OpCreateTrigger, store.OpDropIndex, store.OpDropTrigger, store.OpAlterTable:
		return arg2
	case store.OpCreateTable, store.OpDropTable, store.OpCreateView, store.OpDropView, store.OpCreateVTable,
		store.OpDropVTable, store.OpDelete, store.OpInsert, store.OpUpdate, store.OpRead, store.OpAnalyze:
		return arg1
	}
	return ""
}
