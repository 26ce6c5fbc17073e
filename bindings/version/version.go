// Package version gives env the version_metadata binding. Locally there is no
// deployment: the id is the nil UUID, the tag empty, the timestamp the session's
// start, and code can tell by them that it is not deployed.
//
// Where the truth is: https://developers.cloudflare.com/workers/runtime-apis/bindings/version-metadata/.
package version

import (
	"time"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is version metadata.
var Kind = bindings.Kind{Name: "version", Bind: bind}

func bind(cfg *config.Config, b *bindings.Builder) error {
	if cfg.VersionMetadata == nil {
		return nil
	}
	started, err := bindings.Shared(b.Session, "version/started", func() (time.Time, error) { return b.Clock.Now(), nil })
	if err != nil {
		return err
	}
	b.Env(cfg.VersionMetadata.Binding, func(js *jsg.Scope) (jsg.Value, error) {
		return js.Record("id", "00000000-0000-0000-0000-000000000000", "tag", "", "timestamp", started.UTC().Format("2006-01-02T15:04:05.000Z")), nil
	})
	return nil
}
