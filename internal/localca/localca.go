// Package localca is a certificate authority of this machine alone: it lets
// miniworker answer https:// for the hostnames of a project, so that pages see
// their real origin.
//
// The authority is made on first use, its key never leaves the directory it was
// made in, and nothing trusts it until its user installs it. It deliberately
// carries no name constraints: the hostnames it will be asked for are those of
// every project to come, and an authority constrained to one of them would have
// to be trusted anew for each. Instead the caller asks only for hostnames of
// the project it serves.
//
// Where the truth is: RFC 5280, and the baseline requirements browsers hold
// certificates to (validity, subject alternative names).
package localca

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// DirVar names the environment variable that overrides the directory.
const DirVar = "MINIWORKER_CA_DIR"

const (
	keyFile  = "key.pem" // the key, then the certificate
	certFile = "miniworker-ca.pem"

	caValidity   = 5 * 365 * 24 * time.Hour
	leafValidity = 30 * 24 * time.Hour
	backdate     = time.Hour // for clocks that are behind
)

// Dir is where the authority of this user lives.
func Dir() (string, error) {
	if dir := os.Getenv(DirVar); dir != "" {
		return filepath.Abs(dir)
	}
	base, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no directory for the certificate authority: %w (set %s)", err, DirVar)
	}
	return filepath.Join(base, "miniworker", "ca"), nil
}

// Authority signs certificates. It is safe for concurrent use.
type Authority struct {
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey

	mu     sync.Mutex
	leaf   *ecdsa.PrivateKey
	leaves map[string]*tls.Certificate
}

// Load reads the authority in dir; the error wraps fs.ErrNotExist if there is
// none.
func Load(dir string) (*Authority, error) {
	path := filepath.Join(dir, keyFile)
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("the key %s can be read by others (mode %#o): chmod 600 it, or remove it if others may have read it", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
	}
	a, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("certificate authority %s: %w (remove it with: miniworker ca remove)", path, err)
	}
	a.dir = dir
	return a, nil
}

func parse(text []byte) (*Authority, error) {
	pair, err := tls.X509KeyPair(text, text)
	if err != nil {
		return nil, err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("the key is not ECDSA")
	}
	if !pair.Leaf.IsCA {
		return nil, errors.New("the certificate is not an authority's")
	}
	return &Authority{cert: pair.Leaf, key: key, leaves: map[string]*tls.Certificate{}}, nil
}

// Open loads the authority in dir, or makes one; made tells which.
func Open(dir string, now time.Time) (a *Authority, made bool, err error) {
	a, err = Load(dir)
	switch {
	case err == nil && now.After(a.cert.NotAfter):
		return nil, false, fmt.Errorf("the certificate authority in %s expired on %s: run miniworker ca remove, and install the one made next", dir, a.cert.NotAfter.Format(time.DateOnly))
	case err == nil || !errors.Is(err, fs.ErrNotExist):
		return a, false, err
	}
	if err := create(dir, now); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, false, fmt.Errorf("make a certificate authority: %w", err)
	}
	a, err = Load(dir)
	return a, err == nil, err
}

// create writes a new authority, unless another process was quicker.
func create(dir string, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	name := "miniworker local CA"
	if host, err := os.Hostname(); err == nil {
		name += " of " + host
	}
	serial, err := newSerial()
	if err != nil {
		return err
	}
	tmpl := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name, Organization: []string{"miniworker, local development only"}},
		NotBefore: now.Add(-backdate), NotAfter: now.Add(caValidity),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	secret := append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), cert...)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := createOnce(filepath.Join(dir, keyFile), secret); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, certFile), cert, 0o644)
}

// createOnce writes a file that only its owner may read, whole or not at all,
// and never over another.
func createOnce(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Link(tmp.Name(), path)
}

func newSerial() (*big.Int, error) {
	return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
}

// Remove deletes the authority in dir. It does not untrust what was installed.
func Remove(dir string) error {
	var errs []error
	for _, name := range []string{keyFile, certFile} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// PEM is the authority's certificate, which is no secret.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// CertFile is the file of the certificate; it is written anew if it is missing
// or another one.
func (a *Authority) CertFile() (string, error) {
	path := filepath.Join(a.dir, certFile)
	if text, err := os.ReadFile(path); err == nil && bytes.Equal(text, a.PEM()) {
		return path, nil
	}
	return path, os.WriteFile(path, a.PEM(), 0o644)
}

// Certificate is the authority's certificate.
func (a *Authority) Certificate() *x509.Certificate { return a.cert }

// Fingerprint is the SHA-256 of the certificate, as certificate viewers show it.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.cert.Raw)
	var parts []string
	for i := range sum {
		parts = append(parts, strings.ToUpper(hex.EncodeToString(sum[i:i+1])))
	}
	return strings.Join(parts, ":")
}

// maxLeaves bounds what a client that asks for ever new names costs.
const maxLeaves = 256

// Leaf is a server certificate for one hostname; for localhost it also has the
// loopback addresses. It is renewed before it expires.
func (a *Authority) Leaf(host string, now time.Time) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.leaves[host]; c != nil && now.Before(c.Leaf.NotAfter.Add(-leafValidity/3)) {
		return c, nil
	}
	c, err := a.sign(host, now)
	if err != nil {
		return nil, fmt.Errorf("certificate for %s: %w", host, err)
	}
	if len(a.leaves) >= maxLeaves {
		clear(a.leaves)
	}
	a.leaves[host] = c
	return c, nil
}

func (a *Authority) sign(host string, now time.Time) (*tls.Certificate, error) {
	if a.leaf == nil {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		a.leaf = key
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	end := now.Add(leafValidity)
	if end.After(a.cert.NotAfter) {
		end = a.cert.NotAfter
	}
	tmpl := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{Organization: []string{"miniworker, local development only"}},
		NotBefore: now.Add(-backdate), NotAfter: end, DNSNames: []string{host},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	if host == "localhost" {
		tmpl.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, a.cert, &a.leaf.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: a.leaf, Leaf: leaf}, nil
}

// Trusted reports whether the authorities of this machine include this one.
// Browsers with a store of their own may differ.
func (a *Authority) Trusted() bool {
	roots, err := x509.SystemCertPool()
	if err != nil {
		return false
	}
	_, err = a.cert.Verify(x509.VerifyOptions{Roots: roots})
	return err == nil
}
