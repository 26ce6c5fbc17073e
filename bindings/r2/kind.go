package r2

import (
	"fmt"
	"path/filepath"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is R2 bucket bindings. Workers that bind the same bucket name share one
// Bucket, kept in a folder of that name.
var Kind = bindings.Kind{Name: folder, Bind: bind}

// folder holds the buckets, in the state directory.
const folder = "r2"

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, c := range cfg.R2Buckets {
		if !bindings.IsFolderName(c.Bucket) {
			b.Report(diag.Diagnostic{
				Severity: diag.Error, Code: "r2_bucket_name", Pos: c.Pos,
				Message: fmt.Sprintf("The bucket name %q of %s cannot be used as the name of a folder.", c.Bucket, c.Binding),
				Hint:    "use lower-case letters, digits and hyphens, as R2 does",
			})
			continue
		}
		bucket, err := SharedBucket(b.Session, c.Bucket)
		if err != nil {
			return err
		}
		b.Env(c.Binding, func(js *jsg.Scope) (jsg.Value, error) {
			return bucketClass.Wrap(js, &binding{name: c.Binding, bucket: bucket}), nil
		})
	}
	return nil
}

// SharedBucket is the session's bucket of that name, for all that is not a
// worker: commands, tests, a dashboard.
func SharedBucket(s *bindings.Session, name string) (*Bucket, error) {
	return bindings.Shared(s, "r2/"+name, func() (*Bucket, error) {
		return Open(filepath.Join(s.State, folder, name), s.Clock), nil
	})
}
