// Package hyperdrive is bindings to a database: the strings a driver connects
// with, and the connection.
//
// What it emulates: connectionString, host, port, user, password and database,
// whose host is one that only the worker itself can reach, by connect() of the
// binding or of cloudflare:sockets; from there to the database that
// localConnectionString names, over TLS where its sslmode asks for that.
//
// What it deliberately does not: pool connections, cache queries, or speak TLS
// to MySQL. The connection goes to the database as it is, so every query is
// answered by the database.
//
// Where the truth is: https://developers.cloudflare.com/hyperdrive/ and what
// wrangler dev was seen to give.
package hyperdrive

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/api/sockets"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Kind is Hyperdrive bindings.
var Kind = bindings.Kind{Name: "hyperdrive", Bind: bind}

// variable is where a connection string can be kept out of the configuration.
const variable = "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_"

func bind(cfg *config.Config, b *bindings.Builder) error {
	for _, c := range cfg.Hyperdrive {
		if c.LocalConnectionString == "" {
			unset(c, b)
			continue
		}
		db, err := parse(c.LocalConnectionString)
		if err != nil {
			b.Report(diag.Diagnostic{
				Severity: diag.Error, Code: "hyperdrive_connection_string", Pos: c.Pos,
				Message: fmt.Sprintf("The connection string of the Hyperdrive binding %q cannot be used: %s", c.Binding, err),
				Hint:    "write it like postgres://user:password@localhost:5432/database",
			})
			continue
		}
		host, ip := addresses(b.Name + "/" + c.Binding)
		b.Env(c.Binding, func(js *jsg.Scope) (jsg.Value, error) {
			sockets.Reserve(js, db.dial, db.standardPort, host, ip)
			return class.Wrap(js, &binding{name: c.Binding, db: db, host: host, ip: ip}), nil
		})
	}
	return nil
}

// unset lets a worker start that does not use the binding.
func unset(c config.Hyperdrive, b *bindings.Builder) {
	hint := fmt.Sprintf("set \"localConnectionString\", or the environment variable %s%s, to the connection string of a database on this machine", variable, c.Binding)
	b.Report(diag.Diagnostic{
		Severity: diag.Warning, Code: "hyperdrive_connection_string", Pos: c.Pos,
		Message: fmt.Sprintf("The Hyperdrive binding %q has no database to connect to: using it throws.", c.Binding), Hint: hint,
	})
	b.Env(c.Binding, func(js *jsg.Scope) (jsg.Value, error) {
		return js.Refusing(func(property string) error {
			return jsg.Errorf("env.%s.%s: the Hyperdrive binding has no database to connect to: %s.", c.Binding, property, hint)
		}), nil
	})
}

// addresses are a name and an address that nothing else has, the same ones in
// every run.
func addresses(of string) (host, ip string) {
	sum := sha256.Sum256([]byte(of))
	return hex.EncodeToString(sum[:16]) + ".hyperdrive.local", fmt.Sprintf("240.0.%d.%d", sum[16], sum[17])
}

// Classes are the classes of this package, for lists of what exists.
func Classes() []jsg.AnyClass { return []jsg.AnyClass{class} }
