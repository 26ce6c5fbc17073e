package crypto

import (
	"bytes"
	"crypto"
	_ "crypto/md5" // the digests are reached by crypto.Hash
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"math"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// params is an AlgorithmIdentifier: a name and what else an operation needs.
// Failures of its getters go to the Args it came from.
type params struct {
	a    *jsg.Args
	kind string // its dictionary type, for error texts
	name string
	d    *jsg.Dict
	// member is what error texts call it.
	member string
}

// derivedParams is the member of a key that deriveKey makes.
const derivedParams = "derivedKeyParams"

// algorithmArg reads argument i, a name or an object with one.
func algorithmArg(a *jsg.Args, i int, kind string) *params {
	v := a.Value(i)
	if o, ok := v.(*jsg.Object); ok {
		d := a.DictOf(o)
		return &params{a, kind, d.String("name", "undefined"), d, "algorithm"}
	}
	if jsg.IsNullish(v) && i < a.Len() {
		a.Fail(uninitialized(kind))
	} else if jsg.IsNullish(v) {
		a.Mismatch(i, "string or "+kind)
	}
	return &params{a, kind, a.String(i), a.DictOf(jsg.Undefined), "algorithm"}
}

// uninitialized is workerd's error for null in the place of a dictionary: it
// shows the name its compiler has for it.
func uninitialized(kind string) error {
	return jsg.TypeErrorf("Cannot initialize N7workerd3api12SubtleCrypto%d%sE with required members from an undefined or null value.", len(kind), kind)
}

// require fails where a field is absent.
func (p *params) require(field string) bool {
	if !p.d.Has(field) {
		p.a.Fail(jsg.TypeErrorf("Missing field %q in %q.", field, p.member))
		return false
	}
	return true
}

// bytes is a copy of a buffer source, which must be there.
func (p *params) bytes(field string) []byte {
	if !p.require(field) {
		return nil
	}
	return p.optBytes(field)
}

// optBytes is a copy of a buffer source, nil where absent.
func (p *params) optBytes(field string) []byte {
	v := p.d.Value(field)
	if jsg.IsUndefined(v) {
		return nil
	}
	b, ok := jsg.Bytes(v)
	if !ok {
		p.a.Fail(jsg.TypeErrorf("Incorrect type for the '%s' field on '%s': the provided value is not of type 'BufferSource'.", field, p.kind))
	}
	return bytes.Clone(b)
}

// int is a number, which must be there.
func (p *params) int(field string) int {
	if !p.require(field) {
		return 0
	}
	f := p.d.Float(field, 0)
	switch {
	case math.IsNaN(f):
		return 0
	case f < math.MinInt32 || f > math.MaxInt32: // so in workerd, and a key of that length would not fit
		p.a.Fail(jsg.TypeErrorf("Value out of range. Must be between %d and %d (inclusive).", math.MinInt32, math.MaxInt32))
		return 0
	}
	return int(f)
}

// hash is the digest a field names, which must be there.
func (p *params) hash() string {
	if !p.require("hash") {
		return ""
	}
	v := p.d.Value("hash")
	if jsg.IsNullish(v) {
		p.a.Fail(uninitialized("HashAlgorithm"))
		return ""
	}
	if o, ok := v.(*jsg.Object); ok {
		v = p.a.DictOf(o).Value("name")
	}
	name, err := hashNamed(v.String())
	if err != nil {
		p.a.Fail(err)
	}
	return name
}

// digests are the digest algorithms by their names.
var digests = map[string]crypto.Hash{
	"MD5": crypto.MD5, "SHA-1": crypto.SHA1, "SHA-256": crypto.SHA256, "SHA-384": crypto.SHA384, "SHA-512": crypto.SHA512,
}

func hashNamed(name string) (string, error) {
	name = strings.ToUpper(name)
	if _, ok := digests[name]; !ok {
		return "", unsupported("Unrecognized or unimplemented digest algorithm requested.")
	}
	return name, nil
}

func sum(hash string, data []byte) []byte {
	h := digests[hash].New()
	h.Write(data)
	return h.Sum(nil)
}

// The errors of WebCrypto.
func dataError(format string, args ...any) error { return jsg.DOMErrorf("DataError", format, args...) }
func accessError(format string, args ...any) error {
	return jsg.DOMErrorf("InvalidAccessError", format, args...)
}
func operationError(format string, args ...any) error {
	return jsg.DOMErrorf("OperationError", format, args...)
}
func syntaxError(format string, args ...any) error {
	return jsg.DOMErrorf("SyntaxError", format, args...)
}
func unsupported(format string, args ...any) error {
	return jsg.DOMErrorf("NotSupportedError", format, args...)
}

// dataArg is a copy of the bytes of argument i.
func dataArg(a *jsg.Args, i int) []byte {
	b, ok := jsg.Bytes(a.Value(i))
	if !ok {
		a.Mismatch(i, "BufferSource")
	}
	return bytes.Clone(b)
}
