package crypto

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"math/big"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// agreement finds a curve of ECDH by name.
func agreement(name string) (ecdh.Curve, elliptic.Curve, error) {
	switch curve := curveNamed(name); curve {
	case elliptic.P256():
		return ecdh.P256(), curve, nil
	case elliptic.P384():
		return ecdh.P384(), curve, nil
	case elliptic.P521():
		return ecdh.P521(), curve, nil
	case elliptic.P224():
		return nil, nil, jsg.NotImplementedf("ECDH on secp224r1", "use prime256v1")
	}
	if name == "secp256k1" {
		return nil, nil, jsg.Errorf("Failed to create key using named curve")
	}
	return nil, nil, jsg.Errorf("Invalid curve")
}

var agreeFuncs = map[string]native{
	"dhCompute":  dhCompute,
	"dhGenerate": dhGenerate,
	"stateless":  stateless,
}

func init() {
	agreeFuncs["ecdhCheck"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		_, _, err := agreement(a.String(0))
		return jsg.Undefined, err
	}
	agreeFuncs["ecdhGenerate"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		curve, _, err := agreement(a.String(0))
		if err != nil {
			return nil, err
		}
		k, err := curve.GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		return buffer(js, k.Bytes()), nil
	}
	// ecdhPublic is the uncompressed point of a private key.
	agreeFuncs["ecdhPublic"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		curve, named, err := agreement(a.String(0))
		if err != nil {
			return nil, err
		}
		k, err := curve.NewPrivateKey(leftPad(a.BufferSource(1), named))
		if err != nil {
			return nil, jsg.Errorf("Private key is not valid for specified curve")
		}
		return buffer(js, k.PublicKey().Bytes()), nil
	}
	agreeFuncs["ecdhSecret"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		curve, named, err := agreement(a.String(0))
		if err != nil {
			return nil, err
		}
		k, err := curve.NewPrivateKey(leftPad(a.BufferSource(1), named))
		if err != nil {
			return nil, jsg.Errorf("Private key is not valid for specified curve")
		}
		point, err := curve.NewPublicKey(uncompressed(named, a.BufferSource(2)))
		if err != nil {
			return jsg.Undefined, nil // the caller has the error
		}
		secret, err := k.ECDH(point)
		return buffer(js, secret), err
	}
	// ecdhPoint is a point in another form: (curve, point, form).
	agreeFuncs["ecdhPoint"] = func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		_, named, err := agreement(a.String(0))
		if err != nil {
			return nil, err
		}
		point := uncompressed(named, a.BufferSource(1))
		if point == nil {
			return nil, jsg.Errorf("Failed to interpret ECDH key")
		}
		n := (len(point) - 1) / 2
		switch a.String(2) {
		case "compressed":
			return buffer(js, append([]byte{2 + point[2*n]&1}, point[1:1+n]...)), nil
		case "hybrid":
			return buffer(js, append([]byte{6 + point[2*n]&1}, point[1:]...)), nil
		}
		return buffer(js, point), nil
	}
}

func leftPad(b []byte, curve elliptic.Curve) []byte {
	out := make([]byte, (curve.Params().N.BitLen()+7)/8)
	if len(b) > len(out) {
		return b
	}
	copy(out[len(out)-len(b):], b)
	return out
}

// uncompressed is a point with both coordinates, nil if it is none.
func uncompressed(curve elliptic.Curve, b []byte) []byte {
	n := (curve.Params().BitSize + 7) / 8
	switch {
	case len(b) == 1+2*n && b[0] == 4:
		return append([]byte(nil), b...)
	case len(b) == 1+2*n && b[0]|1 == 7:
		return append([]byte{4}, b[1:]...)
	}
	x, y := elliptic.UnmarshalCompressed(curve, b)
	if x == nil {
		return nil
	}
	out := make([]byte, 1+2*n)
	out[0] = 4
	x.FillBytes(out[1 : 1+n])
	y.FillBytes(out[1+n:])
	return out
}

// dhGenerate makes (prime, generator, private or undefined) into a private and
// a public key.
func dhGenerate(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	p, g := new(big.Int).SetBytes(a.BufferSource(0)), new(big.Int).SetBytes(a.BufferSource(1))
	var x *big.Int
	if a.Has(2) {
		x = new(big.Int).SetBytes(a.BufferSource(2))
	}
	if err := a.Err(); err != nil {
		return nil, err
	}
	if p.Cmp(big.NewInt(3)) <= 0 {
		return nil, jsg.Errorf("Failed to generate keys: the prime is too small")
	}
	if x == nil {
		r, err := rand.Int(rand.Reader, new(big.Int).Sub(p, big.NewInt(3)))
		if err != nil {
			return nil, err
		}
		x = r.Add(r, big.NewInt(2))
	}
	public := new(big.Int).Exp(g, x, p).FillBytes(make([]byte, (p.BitLen()+7)/8))
	return js.NewArray(buffer(js, x.Bytes()), buffer(js, public)), nil
}

// dhCompute is the secret of (prime, private, other's public).
func dhCompute(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	p, x, y := new(big.Int).SetBytes(a.BufferSource(0)), new(big.Int).SetBytes(a.BufferSource(1)), new(big.Int).SetBytes(a.BufferSource(2))
	if err := a.Err(); err != nil {
		return nil, err
	}
	one := big.NewInt(1)
	if y.Cmp(one) <= 0 || y.Cmp(new(big.Int).Sub(p, one)) >= 0 {
		return nil, jsg.RangeErrorf("Supplied key is too small or too large")
	}
	return buffer(js, new(big.Int).Exp(y, x, p).FillBytes(make([]byte, (p.BitLen()+7)/8))), nil
}

// stateless is crypto.diffieHellman of two key objects.
func stateless(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	mine, theirs := keyClass.Arg(a, 0), keyClass.Arg(a, 1)
	if err := a.Err(); err != nil {
		return nil, err
	}
	x, y := toECDH(mine.key), toECDH(theirs.key)
	private, ok := x.(*ecdh.PrivateKey)
	if !ok {
		return nil, jsg.Errorf("Failed to compute the secret: these keys agree on nothing")
	}
	if k, ok := y.(*ecdh.PrivateKey); ok {
		y = k.PublicKey()
	}
	peer, ok := y.(*ecdh.PublicKey)
	if !ok || peer.Curve() != private.Curve() {
		return nil, jsg.Errorf("Failed to compute the secret: the keys are of different kinds")
	}
	secret, err := private.ECDH(peer)
	return buffer(js, secret), err
}

func toECDH(key any) any {
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		if x, err := k.ECDH(); err == nil {
			return x
		}
	case *ecdsa.PublicKey:
		if x, err := k.ECDH(); err == nil {
			return x
		}
	}
	return key
}
