package crypto

import (
	"crypto/rand"
	"math/big"

	"github.com/miniworker/miniworker/runtime/jsg"
)

var randomFuncs = map[string]native{
	"randomBytes": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		b := make([]byte, a.Int(0))
		return buffer(js, b), random(js, b)
	},
	"randomFill": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		b := a.BufferSource(0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return jsg.Undefined, random(js, b[a.Int(1):a.Int(1)+a.Int(2)])
	},
	"checkPrime": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		return js.Bool(new(big.Int).SetBytes(a.BufferSource(0)).ProbablyPrime(max(20, int(a.Int(1))))), nil
	},
	"generatePrime": generatePrime,
}

// generatePrime makes a prime of some bits; safe ones are 2q+1 of a prime q, and
// add and rem, if not empty, ask for one that is rem modulo add.
func generatePrime(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	bits, safe := int(a.Int(0)), a.Bool(1)
	add, rem := new(big.Int).SetBytes(a.BufferSource(2)), new(big.Int).SetBytes(a.BufferSource(3))
	if err := a.Err(); err != nil {
		return nil, err
	}
	if add.BitLen() > bits || add.Sign() > 0 && rem.Cmp(add) >= 0 {
		return nil, jsg.RangeErrorf("Invalid options.add")
	}
	if add.Sign() > 0 && rem.Sign() == 0 {
		rem.SetInt64(1)
		if safe {
			rem.SetInt64(3)
		}
	}
	for {
		p, err := rand.Prime(rand.Reader, bits)
		if err != nil {
			return nil, jsg.RangeErrorf("Failed to generate prime")
		}
		if add.Sign() > 0 {
			p.Sub(p, new(big.Int).Mod(p, add)).Add(p, rem)
			if p.BitLen() != bits || !p.ProbablyPrime(20) {
				continue
			}
		}
		if safe && !new(big.Int).Rsh(p, 1).ProbablyPrime(20) {
			continue
		}
		return buffer(js, p.FillBytes(make([]byte, (bits+7)/8))), nil
	}
}
