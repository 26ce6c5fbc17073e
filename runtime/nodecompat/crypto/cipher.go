//lint:file-ignore SA1019 Node has these algorithms, however old.

package crypto

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rc4"
	"crypto/subtle"
	"strings"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/chacha20poly1305"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// cipherKind describes a cipher as getCipherInfo does.
type cipherKind struct {
	name           string // of OpenSSL
	nid            int
	mode           string
	block, iv, key int
	newBlock       func(key []byte) (cipher.Block, error)
}

const chacha = "chacha20-poly1305"

// tripleOfTwo makes the key of two-key triple DES.
func tripleOfTwo(key []byte) (cipher.Block, error) {
	return des.NewTripleDESCipher(append(append([]byte(nil), key...), key[:8]...))
}

var cipherKinds = func() map[string]*cipherKind {
	m := map[string]*cipherKind{
		"des-cbc":           {"DES-CBC", 31, "cbc", 8, 8, 8, des.NewCipher},
		"des-ecb":           {"DES-ECB", 29, "ecb", 8, 0, 8, des.NewCipher},
		"des-ede":           {"DES-EDE", 32, "ecb", 8, 0, 16, tripleOfTwo},
		"des-ede-cbc":       {"DES-EDE-CBC", 43, "cbc", 8, 8, 16, tripleOfTwo},
		"des-ede3-cbc":      {"DES-EDE3-CBC", 44, "cbc", 8, 8, 24, des.NewTripleDESCipher},
		"rc4":               {"RC4", 5, "stream", 1, 0, 16, nil},
		"chacha20-poly1305": {chacha, 950, "stream", 1, 12, 32, nil},
	}
	nids := map[string][3]int{"cbc": {419, 423, 427}, "ecb": {418, 422, 426}, "ctr": {904, 905, 906}, "ofb": {420, 424, 428}, "gcm": {895, 898, 901}}
	for mode, ids := range nids {
		for i, bits := range []string{"128", "192", "256"} {
			k := &cipherKind{name: "AES-" + bits + "-" + strings.ToUpper(mode), nid: ids[i], mode: mode, block: 16, iv: 16, key: 16 + 8*i, newBlock: aes.NewCipher}
			switch mode {
			case "ecb":
				k.iv = 0
			case "ctr", "ofb":
				k.block = 1
			case "gcm":
				k.block, k.iv, k.name = 1, 12, "id-aes"+bits+"-GCM"
			}
			m["aes-"+bits+"-"+mode] = k
		}
	}
	return m
}()

// cipherNamed finds a cipher, nil if there is none.
func cipherNamed(name string) *cipherKind {
	return cipherKinds[strings.ToLower(name)]
}

// cipherState is a running encryption or decryption.
type cipherState struct {
	kind    *cipherKind
	encrypt bool
	padding bool
	// block is set for modes of whole blocks, stream for the others.
	block  cipher.BlockMode
	stream cipher.Stream
	held   []byte // what no whole block has been made of yet

	// An AEAD gives its text by a stream and its tag over all of it at the end.
	aead      cipher.AEAD
	iv, extra []byte
	text      []byte // plain text, or cipher text when decrypting
	tag       []byte

	updated, finished bool
}

// ecb is a block mode without chaining.
type ecb struct {
	b     cipher.Block
	crypt func(dst, src []byte)
}

func (e ecb) BlockSize() int { return e.b.BlockSize() }
func (e ecb) CryptBlocks(dst, src []byte) {
	for n := e.b.BlockSize(); len(src) > 0; dst, src = dst[n:], src[n:] {
		e.crypt(dst[:n], src[:n])
	}
}

var cipherClass = handle("CipherHandle",
	jsg.Method("update", 1, (*cipherState).update),
	jsg.Method("final", 0, (*cipherState).final),
	jsg.Method("setAAD", 1, func(c *cipherState, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		c.extra = append(c.extra, a.BufferSource(0)...)
		return jsg.Undefined, a.Err()
	}),
	jsg.Method("setAuthTag", 1, func(c *cipherState, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		switch {
		case c.tag != nil:
			return nil, jsg.Errorf("Auth tag is already set")
		case len(a.BufferSource(0)) < 4 && a.Err() == nil:
			return nil, jsg.Errorf("Invalid authentication tag length")
		}
		c.tag = clone(a, 0)
		return jsg.Undefined, a.Err()
	}),
	jsg.Method("getAuthTag", 0, func(c *cipherState, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		if !c.finished || c.tag == nil {
			return nil, jsg.Errorf("Auth tag is only available once cipher context has been finalized")
		}
		return buffer(js, bytes.Clone(c.tag)), nil
	}),
	jsg.Method("setAutoPadding", 1, func(c *cipherState, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		if c.finished {
			return nil, errFinished()
		}
		c.padding = a.Bool(0)
		return jsg.Undefined, nil
	}),
)

var cipherFuncs = map[string]native{}

func init() {
	cipherFuncs["createCipher"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		encrypt, name, key, iv := a.Bool(0), a.String(1), clone(a, 2), clone(a, 3)
		if err := a.Err(); err != nil {
			return nil, err
		}
		c, err := newCipher(encrypt, name, key, iv)
		if err != nil {
			return nil, err
		}
		return cipherClass.Wrap(js, c), nil
	}
	cipherFuncs["cipherInfo"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		k := cipherNamed(a.String(0))
		if k == nil || a.Has(1) && a.Int(1) != int64(k.key) || a.Has(2) && a.Int(2) != int64(k.iv) && k.mode != "gcm" {
			return jsg.Undefined, nil
		}
		o := js.Record("name", k.name, "nid", k.nid)
		js.Define(o, "blockSize", js.Int(int64(k.block)))
		js.Define(o, "ivLength", js.Int(int64(k.iv)))
		js.Define(o, "keyLength", js.Int(int64(k.key)))
		js.Define(o, "mode", js.String(k.mode))
		return o, nil
	}
}

func newCipher(encrypt bool, name string, key, iv []byte) (*cipherState, error) {
	k := cipherNamed(name)
	if k == nil {
		return nil, jsg.Errorf("Unknown or unsupported cipher: %s", name)
	}
	if len(key) != k.key {
		return nil, jsg.Errorf("Invalid key length")
	}
	if len(iv) != k.iv && (k.mode != "gcm" || len(iv) == 0) {
		return nil, jsg.Errorf("Invalid initialization vector")
	}
	c := &cipherState{kind: k, encrypt: encrypt, padding: true, iv: iv}
	return c, c.start(key)
}

func (c *cipherState) start(key []byte) error {
	switch c.kind.name {
	case "RC4":
		s, err := rc4.NewCipher(key)
		c.stream = s
		return err
	case chacha:
		s, err := chacha20.NewUnauthenticatedCipher(key, c.iv)
		if err != nil {
			return err
		}
		s.SetCounter(1) // block 0 makes the key of the tag
		c.stream = s
		c.aead, err = chacha20poly1305.New(key)
		return err
	}
	b, err := c.kind.newBlock(key)
	if err != nil {
		return err
	}
	switch c.kind.mode {
	case "ecb":
		c.block = ecb{b, b.Encrypt}
		if !c.encrypt {
			c.block = ecb{b, b.Decrypt}
		}
	case "cbc":
		c.block = cipher.NewCBCEncrypter(b, c.iv)
		if !c.encrypt {
			c.block = cipher.NewCBCDecrypter(b, c.iv)
		}
	case "ctr":
		c.stream = cipher.NewCTR(b, c.iv)
	case "ofb":
		c.stream = cipher.NewOFB(b, c.iv)
	case "gcm":
		if c.aead, err = cipher.NewGCMWithNonceSize(b, len(c.iv)); err != nil {
			return err
		}
		c.stream = gcmStream(b, c.aead, c.iv)
	}
	return nil
}

// gcmStream is the key stream of GCM. Its first counter block follows from the
// tag of an empty text where the nonce has an odd length: the tag is that
// block's predecessor, encrypted, and the hash of nothing is zero.
func gcmStream(b cipher.Block, aead cipher.AEAD, iv []byte) cipher.Stream {
	counter := make([]byte, 16)
	if len(iv) == 12 {
		copy(counter, iv)
		counter[15] = 1
	} else {
		b.Decrypt(counter, aead.Seal(nil, iv, nil, nil))
	}
	for i := 15; i >= 12; i-- {
		if counter[i]++; counter[i] != 0 {
			break
		}
	}
	return cipher.NewCTR(b, counter)
}

func (c *cipherState) update(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	data := clone(a, 0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	if c.finished {
		return nil, errFinished()
	}
	if c.kind.name == chacha && c.updated {
		return nil, jsg.Errorf("update() can only be invoked once on an AEAD") // BoringSSL has it in one piece only
	}
	c.updated = true
	return buffer(js, c.feed(data)), nil
}

func errFinished() error { return jsg.Errorf("Cipher/decipher context has already been finalized") }

// errAuthentication is what workerd says whatever failed.
func errAuthentication() error { return jsg.Errorf("Authentication failed") }

// feed gives what comes out for data, which it may overwrite.
func (c *cipherState) feed(data []byte) []byte {
	if c.stream != nil {
		if c.aead != nil {
			c.text = append(c.text, data...)
		}
		c.stream.XORKeyStream(data, data)
		return data
	}
	c.held = append(c.held, data...)
	size := c.block.BlockSize()
	n := len(c.held) / size * size
	// The last whole block may be padding.
	if !c.encrypt && c.padding && n == len(c.held) && n > 0 {
		n -= size
	}
	out := make([]byte, n)
	c.block.CryptBlocks(out, c.held[:n])
	c.held = append([]byte(nil), c.held[n:]...)
	return out
}

func (c *cipherState) final(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	if c.finished {
		return nil, errFinished()
	}
	c.finished = true
	switch {
	case c.aead != nil:
		return buffer(js, nil), c.authenticate()
	case c.stream != nil:
		return buffer(js, nil), nil
	case c.encrypt:
		return c.pad(js)
	}
	return c.unpad(js)
}

func (c *cipherState) authenticate() error {
	if c.encrypt {
		sealed := c.aead.Seal(nil, c.iv, c.text, c.extra)
		c.tag = sealed[len(c.text):]
		return nil
	}
	if c.tag == nil {
		return jsg.Errorf("No auth tag provided")
	}
	// Open wants a whole tag, so a short one is compared by hand.
	plain := make([]byte, len(c.text))
	copy(plain, c.text)
	want := c.tagOf(plain)
	if len(c.tag) > len(want) || subtle.ConstantTimeCompare(want[:len(c.tag)], c.tag) != 1 {
		return jsg.Errorf("Authentication failed")
	}
	return nil
}

// tagOf is the tag that belongs to a cipher text, which it overwrites. Opening
// with any tag fails, so the plain text is found by sealing: both are sums with
// the same key stream.
func (c *cipherState) tagOf(text []byte) []byte {
	zeros := make([]byte, len(text))
	keyStream := c.aead.Seal(nil, c.iv, zeros, nil)
	subtle.XORBytes(text, text, keyStream[:len(text)])
	return c.aead.Seal(nil, c.iv, text, c.extra)[len(text):]
}

func (c *cipherState) pad(js *jsg.Scope) (jsg.Value, error) {
	size := c.block.BlockSize()
	if !c.padding {
		if len(c.held) > 0 {
			return nil, errAuthentication()
		}
		return buffer(js, nil), nil
	}
	n := size - len(c.held)
	out := append(c.held, bytes.Repeat([]byte{byte(n)}, n)...)
	c.block.CryptBlocks(out, out)
	return buffer(js, out), nil
}

func (c *cipherState) unpad(js *jsg.Scope) (jsg.Value, error) {
	failed := errAuthentication()
	size := c.block.BlockSize()
	if !c.padding {
		if len(c.held) > 0 {
			return nil, failed
		}
		return buffer(js, nil), nil
	}
	if len(c.held) != size {
		return nil, failed
	}
	out := make([]byte, size)
	c.block.CryptBlocks(out, c.held)
	n := int(out[size-1])
	if n == 0 || n > size || !bytes.Equal(out[size-n:], bytes.Repeat([]byte{byte(n)}, n)) {
		return nil, failed
	}
	return buffer(js, out[:size-n]), nil
}
