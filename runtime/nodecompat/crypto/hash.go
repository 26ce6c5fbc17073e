//lint:file-ignore SA1019 Node has these algorithms, however old.

package crypto

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding"
	"hash"
	"strings"

	"golang.org/x/crypto/md4"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// hashes are the digests that the BoringSSL of workerd finds by name.
var hashes = map[string]func() hash.Hash{
	"md4": md4.New, "md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New, "sha384": sha512.New384,
	"sha512": sha512.New, "sha512-256": sha512.New512_256, "md5-sha1": newMD5SHA1,
}

// aliases are the names of signature schemes, which stand for their digests.
var aliases = map[string]string{
	"rsa-md5": "md5", "rsa-sha1": "sha1", "rsa-sha224": "sha224", "rsa-sha256": "sha256", "rsa-sha384": "sha384", "rsa-sha512": "sha512",
	"dsa-sha": "sha1", "dsa-sha1": "sha1", "ecdsa-with-sha1": "sha1",
}

func hashNamed(name string) (string, func() hash.Hash) {
	name = strings.ToLower(name)
	if to, ok := aliases[name]; ok {
		name = to
	}
	return name, hashes[name]
}

// md5sha1 is both digests of the same text, which TLS 1.0 signed.
type md5sha1 struct{ md5, sha1 hash.Hash }

func newMD5SHA1() hash.Hash { return &md5sha1{md5.New(), sha1.New()} }

func (h *md5sha1) Write(p []byte) (int, error) { h.md5.Write(p); return h.sha1.Write(p) }
func (h *md5sha1) Sum(b []byte) []byte         { return h.sha1.Sum(h.md5.Sum(b)) }
func (h *md5sha1) Reset()                      { h.md5.Reset(); h.sha1.Reset() }
func (h *md5sha1) Size() int                   { return md5.Size + sha1.Size }
func (h *md5sha1) BlockSize() int              { return md5.BlockSize }

// hashState is a running digest or MAC.
type hashState struct {
	name string
	make func() hash.Hash
	hash.Hash
}

var hashClass = handle("HashHandle",
	jsg.Method("update", 1, func(h *hashState, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		h.Write(a.BufferSource(0))
		return jsg.Undefined, a.Err()
	}),
	jsg.Method("digest", 0, func(h *hashState, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) { return buffer(js, h.Sum(nil)), nil }),
)

var hashFuncs = map[string]native{}

func init() {
	hashFuncs["createHash"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		name, make := hashNamed(a.String(0))
		if make == nil {
			return nil, jsg.Errorf("Digest method not supported")
		}
		h := make()
		if a.Has(1) && a.Int(1) != int64(h.Size()) {
			return nil, jsg.Errorf("invalid digest size")
		}
		return hashClass.Wrap(js, &hashState{name, make, h}), nil
	}
	hashFuncs["copyHash"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		h := hashClass.Arg(a, 0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		c, err := h.clone()
		if err != nil {
			return nil, err
		}
		return hashClass.Wrap(js, c), nil
	}
	hashFuncs["createHmac"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		name, make := hashNamed(a.String(0))
		if make == nil {
			return nil, jsg.Errorf("Digest method not supported")
		}
		return hashClass.Wrap(js, &hashState{name: name, Hash: hmac.New(make, a.BufferSource(1))}), nil
	}
	// hash is the digest of one piece without a handle.
	hashFuncs["hash"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		_, make := hashNamed(a.String(0))
		if make == nil {
			return nil, jsg.Errorf("Digest method not supported")
		}
		h := make()
		h.Write(a.BufferSource(1))
		return buffer(js, h.Sum(nil)), nil
	}
}

// clone copies a digest in the state it is in.
func (h *hashState) clone() (*hashState, error) {
	if h.name == "md5-sha1" {
		s := h.Hash.(*md5sha1)
		c := &md5sha1{md5.New(), sha1.New()}
		if err := copyState(c.md5, s.md5); err != nil {
			return nil, err
		}
		return &hashState{h.name, h.make, c}, copyState(c.sha1, s.sha1)
	}
	c := h.make()
	return &hashState{h.name, h.make, c}, copyState(c, h.Hash)
}

func copyState(to, from hash.Hash) error {
	m, ok := from.(encoding.BinaryMarshaler)
	if !ok {
		return jsg.NotImplementedf("Copying this kind of hash", "hash the data twice")
	}
	state, err := m.MarshalBinary()
	if err != nil {
		return err
	}
	return to.(encoding.BinaryUnmarshaler).UnmarshalBinary(state)
}
