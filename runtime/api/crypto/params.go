package crypto

import (
	"bytes"
	"crypto"
	_ "crypto/md5" // the digests are reached by crypto.Hash
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"math"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// params is an AlgorithmIdentifier: a name and what else an operation needs.
// Failures of its getters go to the Args it came from.
type params struct {
	a    *jsg.Args
	kind string // its dictionary type
	name string
	// values are the members of the dictionary, in the order of its type; none
	// where only a name was given.
	values []jsg.Value
	// derived says that they describe a key that deriveKey makes.
	derived bool
	// long is set by operations that expect to compute for a millisecond or more.
	long bool
}

// members are those of each dictionary type. All are read before the operation
// begins, in this order, whichever of them the algorithm uses.
var members = map[string][]string{
	"EncryptAlgorithm":     {"iv", "additionalData", "tagLength", "counter", "length", "label"},
	"SignAlgorithm":        {"hash", "dataLength", "saltLength", "context"},
	"GenerateKeyAlgorithm": {"hash", "modulusLength", "publicExponent", "length", "namedCurve"},
	"DeriveKeyAlgorithm":   {"salt", "iterations", "hash", "public", "info"},
	"ImportKeyAlgorithm":   {"hash", "length", "namedCurve", "compressed"},
}

// algorithmArg reads argument i, a name or an object with one.
func algorithmArg(a *jsg.Args, i int, kind string) *params {
	v := a.Value(i)
	if o, ok := v.(*jsg.Object); ok {
		d := a.DictOf(o)
		p := &params{a: a, kind: kind, name: d.String("name", "undefined")}
		for _, member := range members[kind] {
			v := d.Value(member)
			if _, ok := jsg.Bytes(v); !ok && kind == "EncryptAlgorithm" && member != "tagLength" && member != "length" && !jsg.IsUndefined(v) {
				a.Fail(p.notBytes(member))
			}
			p.values = append(p.values, v)
		}
		return p
	}
	if jsg.IsNullish(v) && i < a.Len() {
		a.Fail(uninitialized(kind))
	} else if jsg.IsNullish(v) {
		a.Mismatch(i, "string or "+kind)
	}
	return &params{a: a, kind: kind, name: a.String(i)}
}

// kept are params that outlive the call they are an argument of.
func (p *params) kept() *params {
	a, kept := *p.a, *p
	kept.a = &a
	return &kept
}

// value is a member, Undefined where absent.
func (p *params) value(member string) jsg.Value {
	if i := slices.Index(members[p.kind], member); i >= 0 && i < len(p.values) {
		return p.values[i]
	}
	return jsg.Undefined
}

func (p *params) has(member string) bool { return !jsg.IsUndefined(p.value(member)) }

// uninitialized is workerd's error for null in the place of a dictionary: it
// shows the name its compiler has for it.
func uninitialized(kind string) error {
	return jsg.TypeErrorf("Cannot initialize N7workerd3api12SubtleCrypto%d%sE with required members from an undefined or null value.", len(kind), kind)
}

// require fails where a field is absent.
func (p *params) require(field string) bool {
	if !p.has(field) {
		of := "algorithm"
		if p.derived {
			of = "derivedKeyParams"
		}
		p.a.Fail(jsg.TypeErrorf("Missing field %q in %q.", field, of))
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
	v := p.value(field)
	if jsg.IsUndefined(v) {
		return nil
	}
	b, ok := jsg.Bytes(v)
	if !ok {
		p.a.Fail(p.notBytes(field))
	}
	return bytes.Clone(b)
}

func (p *params) notBytes(field string) error {
	return jsg.TypeErrorf("Incorrect type for the '%s' field on '%s': the provided value is not of type 'BufferSource'.", field, p.kind)
}

// int is a number, which must be there.
func (p *params) int(field string) int {
	if !p.require(field) {
		return 0
	}
	return p.optInt(field, 0)
}

// optInt is a number, def where absent.
func (p *params) optInt(field string, def int) int {
	v := p.value(field)
	if p.a.Err() != nil || jsg.IsUndefined(v) {
		return def
	}
	return int32Of(p.a, v.ToFloat())
}

// int32Of is a number as workerd reads it: one of C's ints.
func int32Of(a *jsg.Args, f float64) int {
	switch {
	case math.IsNaN(f):
		return 0
	case f < math.MinInt32 || f > math.MaxInt32:
		a.Fail(jsg.TypeErrorf("Value out of range. Must be between %d and %d (inclusive).", math.MinInt32, math.MaxInt32))
		return 0
	}
	return int(f)
}

// hash is the digest a field names, which must be there.
func (p *params) hash() string {
	if !p.require("hash") {
		return ""
	}
	v := p.value("hash")
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

// formatArg is argument 0, the format of a key.
func formatArg(a *jsg.Args) string {
	if a.Len() == 0 {
		a.Mismatch(0, "string")
	}
	return a.String(0)
}

// boolArg is argument i, which must be there.
func boolArg(a *jsg.Args, i int) bool {
	if i >= a.Len() {
		a.Mismatch(i, "boolean")
	}
	return a.Bool(i)
}

// dataArg is a copy of the bytes of argument i.
func dataArg(a *jsg.Args, i int) []byte {
	b, ok := jsg.Bytes(a.Value(i))
	if !ok {
		a.Mismatch(i, "BufferSource")
	}
	return bytes.Clone(b)
}
