package hyperdrive

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/runtime/wire"
)

// database is what a connection string names.
type database struct {
	scheme               string
	address              string // host:port
	host                 string
	user, password, name string
	// standardPort is that of the kind of database: the one workers see.
	standardPort int
	// noTLS is the parameter that tells drivers not to speak TLS to the binding.
	noTLS string
	tls   tlsMode
	roots string // a file of certificates, "" for those of the system
}

// tlsMode is what a connection string says about TLS.
type tlsMode int

const (
	plain      tlsMode = iota
	preferred          // plain if the database speaks none
	required           // without looking at the certificate
	verifyCA           // whatever name the certificate is for
	verifyFull         // name and all
)

// parse reads a connection string.
func parse(text string) (*database, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("it is not a URL")
	}
	db := &database{scheme: u.Scheme, host: u.Hostname(), user: u.User.Username(), name: strings.TrimPrefix(u.Path, "/")}
	db.password, _ = u.User.Password()
	switch u.Scheme {
	case "postgres", "postgresql":
		db.standardPort, db.noTLS = 5432, "sslmode=disable"
	case "mysql":
		db.standardPort, db.noTLS = 3306, "ssl-mode=disabled"
	case "":
		return nil, errors.New("You must specify the database protocol - e.g. 'postgresql'/'mysql'.")
	default:
		return nil, errors.New("Only PostgreSQL-compatible or MySQL-compatible databases are currently supported.")
	}
	switch {
	case db.host == "":
		return nil, errors.New("You must provide a hostname or IP address in your connection string - e.g. 'user:password@database-hostname.example.com:5432/databasename")
	case u.Path == "":
		return nil, errors.New("You must provide a database name as the path component - e.g. /postgres")
	case db.user == "":
		return nil, errors.New("You must provide a username - e.g. 'user:password@database.example.com:port/databasename'")
	case db.password == "":
		return nil, errors.New("You must provide a password - e.g. 'user:password@database.example.com:port/databasename' ")
	}
	port := u.Port()
	if port == "" {
		port = strconv.Itoa(db.standardPort)
	}
	db.address = net.JoinHostPort(db.host, port)
	return db, db.readTLS(u.Query())
}

// readTLS reads the parameters about TLS, whose names have any case.
func (db *database) readTLS(query url.Values) error {
	params := map[string]string{}
	for name, values := range query {
		params[strings.ToLower(name)] = values[0]
	}
	db.roots = params["sslrootcert"]
	if db.scheme != "mysql" {
		switch mode := strings.ToLower(params["sslmode"]); mode {
		case "", "disable", "allow":
		case "prefer":
			db.tls = preferred
		case "require":
			db.tls = required
		case "verify-ca":
			db.tls = verifyCA
		case "verify-full":
			db.tls = verifyFull
		default:
			return fmt.Errorf("sslmode=%s is none of disable, prefer, require, verify-ca and verify-full", mode)
		}
		return nil
	}
	for _, name := range []string{"ssl-mode", "ssl", "sslmode"} {
		switch mode := strings.ToLower(params[name]); mode {
		case "required", "verify_ca", "verify_identity", "true", "1":
			return fmt.Errorf("%s=%s asks for TLS to a MySQL database, which miniworker does not speak; use a database on this machine with %s=disabled", name, mode, name)
		}
	}
	return nil
}

// connectionString is what drivers in the worker connect with. Nothing in it is
// escaped, as in wrangler dev.
func (db *database) connectionString(host string) string {
	return fmt.Sprintf("%s://%s:%s@%s:%d/%s?%s", db.scheme, db.user, db.password, host, db.standardPort, db.name, db.noTLS)
}

// dial connects to the database by the worker's own network.
func (db *database) dial(ctx context.Context, network wire.Dialer) (net.Conn, error) {
	conn, err := network.Dial(ctx, db.address)
	if err != nil || db.tls == plain {
		return conn, err
	}
	secured, err := db.secure(ctx, conn)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return secured, nil
}

// sslRequest asks a PostgreSQL server to go on in TLS; it answers with a byte.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
var sslRequest = []byte{0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f}

func (db *database) secure(ctx context.Context, conn net.Conn) (net.Conn, error) {
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if _, err := conn.Write(sslRequest); err != nil {
		return nil, err
	}
	var answer [1]byte
	if _, err := io.ReadFull(conn, answer[:]); err != nil {
		return nil, err
	}
	switch {
	case answer[0] == 'S':
	case db.tls == preferred && answer[0] == 'N':
		return conn, nil
	default:
		return nil, errors.New("Server does not support SSL, but client requires SSL.")
	}
	c, err := db.tlsConfig()
	if err != nil {
		return nil, err
	}
	secured := tls.Client(conn, c)
	return secured, secured.HandshakeContext(ctx)
}

func (db *database) tlsConfig() (*tls.Config, error) {
	c := &tls.Config{ServerName: db.host, InsecureSkipVerify: db.tls != verifyFull}
	if db.tls < verifyCA {
		return c, nil
	}
	if db.roots != "" && db.roots != "system" {
		pem, err := os.ReadFile(db.roots)
		if err != nil {
			return nil, err
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("there is no certificate in %s", db.roots)
		}
	}
	if db.tls == verifyCA {
		c.VerifyConnection = func(s tls.ConnectionState) error {
			o := x509.VerifyOptions{Roots: c.RootCAs, Intermediates: x509.NewCertPool()}
			for _, more := range s.PeerCertificates[1:] {
				o.Intermediates.AddCert(more)
			}
			_, err := s.PeerCertificates[0].Verify(o)
			return err
		}
	}
	return c, nil
}
