package localca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func TestAuthority(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "ca")
	if _, err := Load(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("before it is made: %v", err)
	}
	a, made, err := Open(dir, now)
	if err != nil || !made {
		t.Fatalf("made %v, %v", made, err)
	}
	b, made, err := Open(dir, now)
	if err != nil || made || b.Fingerprint() != a.Fingerprint() {
		t.Errorf("the second time: made %v, %v", made, err)
	}
	if a.key.Curve != elliptic.P256() || len(a.Fingerprint()) != 32*3-1 {
		t.Errorf("curve %v, fingerprint %s", a.key.Curve, a.Fingerprint())
	}
	if runtime.GOOS != "windows" {
		for name, want := range map[string]fs.FileMode{keyFile: 0o600, "": fs.ModeDir | 0o700} {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode() != want {
				t.Errorf("%q: mode %v, want %v (%v)", name, info.Mode(), want, err)
			}
		}
	}
	if path, err := a.CertFile(); err != nil {
		t.Error(err)
	} else if text, _ := os.ReadFile(path); string(text) != string(a.PEM()) {
		t.Errorf("%s holds %q", path, text)
	}
	if err := Remove(dir); err != nil {
		t.Error(err)
	}
	if _, err := Load(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after removal: %v", err)
	}
	if err := Remove(dir); err != nil {
		t.Errorf("second removal: %v", err)
	}
}

func TestLeaf(t *testing.T) {
	a, _, err := Open(t.TempDir(), now)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.PEM())
	for _, c := range []struct {
		host, asked string
		ok          bool
	}{
		{"app.example.com", "app.example.com", true},
		{"app.example.com", "other.example.com", false},
		{"localhost", "localhost", true},
		{"localhost", "127.0.0.1", true},
		{"localhost", "::1", true},
		{"api.localhost", "api.localhost", true},
	} {
		leaf, err := a.Leaf(c.host, now)
		if err != nil {
			t.Fatal(err)
		}
		_, err = leaf.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: c.asked, CurrentTime: now})
		if (err == nil) != c.ok {
			t.Errorf("certificate of %s for %s: %v", c.host, c.asked, err)
		}
	}
	first, _ := a.Leaf("x.example.com", now)
	if again, _ := a.Leaf("x.example.com", now.Add(24*time.Hour)); again != first {
		t.Error("signed anew after a day")
	}
	late := now.Add(leafValidity - 24*time.Hour)
	if again, _ := a.Leaf("x.example.com", late); again == first || !again.Leaf.NotAfter.After(late) {
		t.Error("not renewed")
	}
	for i := range 2 * maxLeaves {
		if _, err := a.Leaf(fmt.Sprintf("h%d.example.com", i), now); err != nil {
			t.Fatal(err)
		}
	}
	if len(a.leaves) > maxLeaves {
		t.Errorf("%d certificates are kept", len(a.leaves))
	}
	leaf, _ := a.Leaf("y.example.com", now)
	if leaf.PrivateKey.(*ecdsa.PrivateKey).Equal(a.key) {
		t.Error("a certificate uses the authority's own key")
	}
	if leaf.Leaf.IsCA {
		t.Error("a server certificate may sign others")
	}
}

func TestConcurrentCreation(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	prints := make([]string, 8)
	for i := range prints {
		wg.Go(func() {
			a, _, err := Open(dir, now)
			if err != nil {
				t.Error(err)
				return
			}
			prints[i] = a.Fingerprint()
		})
	}
	wg.Wait()
	for _, p := range prints {
		if p != prints[0] {
			t.Fatalf("different authorities: %q", prints)
		}
	}
}

func TestUnusableFiles(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := Open(dir, now); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(dir, now.Add(caValidity+time.Hour)); err == nil {
		t.Error("an expired authority was used")
	}
	key := filepath.Join(dir, keyFile)
	if runtime.GOOS != "windows" {
		if err := os.Chmod(key, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(dir); err == nil {
			t.Error("a key that others can read was used")
		}
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, []byte("not PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(dir, now); err == nil {
		t.Error("a broken key was replaced in silence, or used")
	}
}

func TestDir(t *testing.T) {
	t.Setenv(DirVar, "relative")
	if dir, err := Dir(); err != nil || !filepath.IsAbs(dir) {
		t.Errorf("%s %v", dir, err)
	}
	t.Setenv(DirVar, "")
	if dir, err := Dir(); err != nil || filepath.Base(dir) != "ca" {
		t.Errorf("%s %v", dir, err)
	}
}
