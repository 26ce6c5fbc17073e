package crypto

import (
	"crypto/hkdf"
	"crypto/pbkdf2"

	"golang.org/x/crypto/scrypt"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// maxScrypt is the highest cost N·r that workerd allows.
const maxScrypt = 1 << 20

var kdfFuncs = map[string]native{
	"pbkdf2": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		name := a.String(4)
		_, make := hashNamed(name)
		if make == nil {
			return nil, jsg.TypeErrorf("Invalid Pbkdf2 digest: %s.", name)
		}
		if a.Int(3) == 0 {
			return buffer(js, nil), a.Err()
		}
		b, err := pbkdf2.Key(make, string(a.BufferSource(0)), a.BufferSource(1), int(a.Int(2)), int(a.Int(3)))
		return buffer(js, b), err
	},
	"hkdf": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		name := a.String(0)
		_, make := hashNamed(name)
		if make == nil {
			return nil, jsg.TypeErrorf("Invalid Hkdf digest: %s", name)
		}
		length := int(a.Int(4))
		if length > 255*make().Size() {
			return nil, jsg.RangeErrorf("Invalid Hkdf key length")
		}
		b, err := hkdf.Key(make, a.BufferSource(1), a.BufferSource(2), string(a.BufferSource(3)), length)
		return buffer(js, b), err
	},
	"scrypt": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		n, r, p, most := a.Int(2), a.Int(3), a.Int(4), a.Int(5)
		if n >= maxScrypt {
			return nil, jsg.RangeErrorf("Scrypt failed: cost exceeds maximum (%d).", maxScrypt)
		}
		if 128*n*r > most {
			return nil, jsg.Errorf("Scrypt failed")
		}
		if a.Int(6) == 0 {
			return buffer(js, nil), a.Err()
		}
		b, err := scrypt.Key(a.BufferSource(0), a.BufferSource(1), int(n), int(r), int(p), int(a.Int(6)))
		if err != nil {
			return nil, jsg.Errorf("Scrypt failed")
		}
		return buffer(js, b), nil
	},
}
