package d1

import (
	"fmt"
	"path/filepath"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is D1 database bindings. Workers that bind the same id share one
// Database, kept in a folder of that name.
var Kind = bindings.Kind{Name: folder, Bind: bind}

// folder holds the databases, in the state directory.
const folder = "d1"

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, c := range cfg.D1Databases {
		if !bindings.IsFolderName(c.ID) {
			b.Report(diag.Diagnostic{
				Severity: diag.Error, Code: "d1_database_id", Pos: c.Pos,
				Message: fmt.Sprintf("The database id %q of %s cannot be used as the name of a folder.", c.ID, c.Binding),
				Hint:    "use the id that \"wrangler d1 create\" printed, or any word of letters and digits",
			})
			continue
		}
		db, err := SharedDatabase(b.Session, c.ID)
		if err != nil {
			return err
		}
		b.Env(c.Binding, func(js *jsg.Scope) (jsg.Value, error) {
			return databaseClass.Wrap(js, &database{session{binding: c.Binding, db: db}}), nil
		})
	}
	return nil
}

// Dir is where the database with that id is kept below a state directory.
func Dir(state, id string) string { return filepath.Join(state, folder, id) }

// SharedDatabase is the session's database of that id.
func SharedDatabase(s *bindings.Session, id string) (*Database, error) {
	return bindings.Shared(s, "d1/"+id, func() (*Database, error) {
		return Open(Dir(s.State, id), s.Clock), nil
	})
}

// Classes are the classes of this package, for lists of what exists.
func Classes() []jsg.AnyClass {
	return []jsg.AnyClass{databaseClass, wrappedClass, sessionClass, statementClass}
}
