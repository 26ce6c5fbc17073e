package crypto

import (
	"encoding/base64"
	"math/big"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// jwk are fields of a JSON Web Key: name, value, ….
type jwk []string

// jwkMembers are all members of a JsonWebKey dictionary in order. As in workerd
// an exported key has every one of them, most undefined.
var jwkMembers = []string{"kty", "use", "key_ops", "alg", "ext", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "oth", "k", "pub", "priv"}

func (j jwk) object(js *jsg.Scope, k *Key) *jsg.Object {
	fields := map[string]jsg.Value{"key_ops": stringArray(js, k.usages), "ext": js.Bool(true)}
	for i := 0; i < len(j); i += 2 {
		fields[j[i]] = js.String(j[i+1])
	}
	o := js.NewObject()
	for _, name := range jwkMembers {
		v := fields[name]
		if v == nil {
			v = jsg.Undefined
		}
		js.DefineField(o, name, v)
	}
	return o
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// jwkReader is a JSON Web Key being imported.
type jwkReader struct {
	fields map[string]string
	ops    []string // sorted
	hasOps bool
	ext    bool
}

func readJWK(js *jsg.Scope, a *jsg.Args, o *jsg.Object) *jwkReader {
	r, d := &jwkReader{fields: map[string]string{}}, a.DictOf(o)
	for _, name := range []string{"kty", "use", "alg", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "k", "oth"} {
		if d.Has(name) {
			r.fields[name] = d.String(name, "")
		}
	}
	r.ext = d.Bool("ext", true)
	if v := d.Value("key_ops"); !jsg.IsUndefined(v) && !jsg.IsArray(v) {
		a.Fail(jsg.TypeErrorf("Incorrect type for the 'key_ops' field on 'JsonWebKey': the provided value is not of type 'Array'."))
	} else if jsg.IsArray(v) {
		r.ops, r.hasOps = stringList(js, a, v), true
		slices.Sort(r.ops)
	}
	return r
}

// shown is a field for an error text.
func (r *jwkReader) shown(name string) string {
	if s, ok := r.fields[name]; ok {
		return s
	}
	return "undefined"
}

// checkAlg refuses an "alg" of no algorithm of the key's family.
func (r *jwkReader) checkAlg(known ...string) error {
	if alg := r.fields["alg"]; r.has("alg") && !slices.Contains(known, alg) {
		return unsupported("Unrecognized or unimplemented algorithm %q listed in JSON Web Key Algorithm parameter.", alg)
	}
	return nil
}

// bytes decodes a field; ok is false where it is absent or not base64url.
func (r *jwkReader) bytes(name string) ([]byte, bool) {
	s, ok := r.fields[name]
	if !ok {
		return nil, false
	}
	return decodeBase64(s)
}

// decodeBase64 takes either alphabet, white space, and padding that is right, as
// workerd does.
func decodeBase64(s string) ([]byte, bool) {
	s = strings.Map(func(c rune) rune {
		switch c {
		case '-':
			return '+'
		case '_':
			return '/'
		case ' ', '\t', '\n', '\f', '\r':
			return -1
		}
		return c
	}, s)
	if len(s)%4 == 0 {
		s = strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")
	}
	b, err := base64.RawStdEncoding.DecodeString(s)
	return b, err == nil
}

func (r *jwkReader) int(name string) (*big.Int, bool) {
	b, ok := r.bytes(name)
	return new(big.Int).SetBytes(b), ok
}

func (r *jwkReader) has(name string) bool { _, ok := r.fields[name]; return ok }

// checkUse compares ext, use and key_ops with what is asked of the key.
func (r *jwkReader) checkUse(alg *algorithm, extractable bool, usages []string) error {
	if extractable && !r.ext {
		return dataError("JWK ext field for %q is set to false but extractable is true", alg.name)
	}
	if alg == hmacAlgorithm { // where workerd looks at neither
		return nil
	}
	use := "enc"
	if slices.Contains(alg.privateUses, "sign") {
		use = "sig"
	}
	if got, ok := r.fields["use"]; ok && len(usages) > 0 && got != use {
		if alg.isPair() { // the text says "sig" where "enc" is meant, too
			return dataError("Asymmetric \"jwk\" key import with usages requires a JSON Web Key with Public Key Use parameter \"use\" (%q) equal to \"sig\".", got)
		}
		return dataError("Symmetric \"jwk\" key must have a \"use\" of %q, not %q.", use, got)
	}
	if !r.hasOps {
		return nil
	}
	for i, op := range r.ops {
		if slices.Contains(r.ops[:i], op) {
			if alg.isPair() {
				return dataError("A JSON Web Key's Key Operations parameter (\"key_ops\") must not contain duplicates.")
			}
			return dataError("Symmetric \"jwk\" key contains duplicate value %q, in \"key_op\".", op)
		}
	}
	for _, u := range usages {
		if !slices.Contains(r.ops, u) {
			if alg.isPair() {
				return dataError("All specified key usages must be present in the JSON Web Key's Key Operations parameter (\"key_ops\").")
			}
			return dataError("\"jwk\" key missing usage %q, in \"key_ops\".", u)
		}
	}
	return nil
}
