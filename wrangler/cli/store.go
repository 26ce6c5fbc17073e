package cli

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/dev"
	"github.com/miniworker/miniworker/wrangler/explorer"
)

// stored is a project's data: through the session that runs, or straight from
// the state directory if none does.
type stored struct {
	*explorer.Client
	configs []*config.Config
	close   func()
}

func (f *dataFlags) stored() (*stored, error) {
	configs, state, err := f.project()
	if err != nil {
		return nil, err
	}
	unlock, session, err := dev.LockState(state)
	if err != nil {
		return nil, err
	}
	if session != "" {
		return &stored{&explorer.Client{Base: session, HTTP: http.DefaultClient}, configs, func() {}}, nil
	}
	s := &bindings.Session{State: state, Clock: clock.Real}
	client := explorer.Local(&explorer.API{Session: s, Configs: configs})
	return &stored{client, configs, func() { s.Close(); unlock() }}, nil
}

// writeIndented writes v as JSON for people and programs.
func writeIndented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
