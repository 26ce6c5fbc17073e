//lint:file-ignore SA1019 Node has these algorithms, however old.

package crypto

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"math/big"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Paddings of RSA, as OpenSSL numbers them.
const (
	paddingPKCS1 = 1
	paddingNone  = 3
	paddingOAEP  = 4
	paddingPSS   = 6
)

// goHashes are the numbers of the crypto package for names of digests.
var goHashes = map[string]crypto.Hash{
	"md5": crypto.MD5, "sha1": crypto.SHA1, "sha224": crypto.SHA224, "sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512,
	"sha512-256": crypto.SHA512_256, "md5-sha1": crypto.MD5SHA1,
}

var signFuncs = map[string]native{
	"sign": sign, "verify": verify,
	"publicEncrypt": publicEncrypt, "privateDecrypt": privateDecrypt, "privateEncrypt": privateEncrypt, "publicDecrypt": publicDecrypt,
	"knowsDigest": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		_, make := hashNamed(a.String(0))
		return js.Bool(make != nil), nil
	},
}

// signature is the arguments that sign and verify share: (key, digest or
// undefined, data, padding, saltLength, dsaEncoding).
type signature struct {
	key       any
	hash      crypto.Hash
	data, sum []byte
	padding   int64
	salt      int64
	raw       bool // ieee-p1363, not DER
}

func readSignature(a *jsg.Args) (*signature, error) {
	k, data := keyClass.Arg(a, 0), a.BufferSource(2)
	if err := a.Err(); err != nil {
		return nil, err
	}
	s := &signature{key: k.key, data: data, padding: a.OptInt(3, paddingPKCS1), salt: a.OptInt(4, rsa.PSSSaltLengthAuto), raw: a.OptString(5, "der") != "der"}
	if !a.Has(1) {
		switch k.key.(type) {
		case ed25519.PrivateKey, ed25519.PublicKey:
			return s, nil
		}
		return s, jsg.Errorf("Failed to initialize signing context")
	}
	name, make := hashNamed(a.String(1))
	if make == nil {
		return nil, jsg.Errorf("Unknown digest: %s", a.String(1))
	}
	switch k.key.(type) {
	case ed25519.PrivateKey, ed25519.PublicKey, *ecdh.PrivateKey, *ecdh.PublicKey: // which have a digest of their own, or do not sign
		return nil, jsg.Errorf("Failed to initialize signing context")
	case *ecdsa.PrivateKey, *ecdsa.PublicKey:
		if name == "md5" {
			return nil, jsg.Errorf("Failed to initialize signing context")
		}
	}
	h := make()
	h.Write(data)
	s.hash, s.sum = goHashes[name], h.Sum(nil)
	switch s.salt {
	case -1: // RSA_PSS_SALTLEN_DIGEST
		s.salt = rsa.PSSSaltLengthEqualsHash
	case -2: // RSA_PSS_SALTLEN_MAX_SIGN, and automatic when verifying
		s.salt = rsa.PSSSaltLengthAuto
	}
	return s, nil
}

func sign(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	s, err := readSignature(a)
	if err != nil {
		return nil, err
	}
	var out []byte
	switch k := s.key.(type) {
	case *rsa.PrivateKey:
		if s.padding == paddingPSS {
			out, err = rsa.SignPSS(rand.Reader, k, s.hash, s.sum, &rsa.PSSOptions{SaltLength: int(s.salt)})
		} else {
			out, err = rsa.SignPKCS1v15(rand.Reader, k, s.hash, s.sum)
		}
	case *ecdsa.PrivateKey:
		out, err = signEC(k, s)
	case ed25519.PrivateKey:
		out = ed25519.Sign(k, s.data)
	default:
		return nil, jsg.Errorf("Failed to sign: this key cannot")
	}
	if err != nil {
		return nil, jsg.Errorf("Failed to sign: %v", err)
	}
	return buffer(js, out), nil
}

func signEC(k *ecdsa.PrivateKey, s *signature) ([]byte, error) {
	der, err := ecdsa.SignASN1(rand.Reader, k, s.sum)
	if err != nil || !s.raw {
		return der, err
	}
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &pair); err != nil {
		return nil, err
	}
	n := (k.Curve.Params().BitSize + 7) / 8
	out := make([]byte, 2*n)
	pair.R.FillBytes(out[:n])
	pair.S.FillBytes(out[n:])
	return out, nil
}

// verify is sign with the signature as one more argument.
func verify(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	s, err := readSignature(a)
	if err != nil {
		return nil, err
	}
	sig := a.BufferSource(6)
	if err := a.Err(); err != nil {
		return nil, err
	}
	ok := false
	switch k := public(s.key).(type) {
	case *rsa.PublicKey:
		if s.padding == paddingPSS {
			ok = rsa.VerifyPSS(k, s.hash, s.sum, sig, &rsa.PSSOptions{SaltLength: int(s.salt)}) == nil
		} else {
			ok = rsa.VerifyPKCS1v15(k, s.hash, s.sum, sig) == nil
		}
	case *ecdsa.PublicKey:
		ok = verifyEC(k, s, sig)
	case ed25519.PublicKey:
		ok = ed25519.Verify(k, s.data, sig)
	}
	return js.Bool(ok), nil
}

func verifyEC(k *ecdsa.PublicKey, s *signature, sig []byte) bool {
	if !s.raw {
		return ecdsa.VerifyASN1(k, s.sum, sig)
	}
	n := (k.Curve.Params().BitSize + 7) / 8
	if len(sig) != 2*n {
		return false
	}
	return ecdsa.Verify(k, s.sum, new(big.Int).SetBytes(sig[:n]), new(big.Int).SetBytes(sig[n:]))
}

// rsaArgs are (key, data, padding, oaepHash, oaepLabel).
func rsaArgs(a *jsg.Args, padding int64) (key any, data []byte, pad int64, hash crypto.Hash, label []byte, err error) {
	k := keyClass.Arg(a, 0)
	data, pad = clone(a, 1), a.OptInt(2, padding)
	if err := a.Err(); err != nil {
		return nil, nil, 0, 0, nil, err
	}
	name, _ := hashNamed(a.OptString(3, "sha1"))
	hash, ok := goHashes[name]
	if !ok {
		return nil, nil, 0, 0, nil, jsg.Errorf("Unknown digest: %s", a.String(3))
	}
	if a.Has(4) {
		label = clone(a, 4)
	}
	return k.key, data, pad, hash, label, nil
}

func failed(what string) error { return jsg.Errorf("Failed to %s", what) }

func publicEncrypt(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	key, data, padding, hash, label, err := rsaArgs(a, paddingOAEP)
	if err != nil {
		return nil, err
	}
	k, ok := public(key).(*rsa.PublicKey)
	if !ok {
		return nil, failed("encrypt")
	}
	var out []byte
	switch padding {
	case paddingOAEP:
		out, err = rsa.EncryptOAEP(hash.New(), rand.Reader, k, data, label)
	case paddingPKCS1:
		out, err = rsa.EncryptPKCS1v15(rand.Reader, k, data)
	case paddingNone:
		out, err = power(data, big.NewInt(int64(k.E)), k)
	default:
		err = failed("encrypt")
	}
	if err != nil {
		return nil, failed("encrypt")
	}
	return buffer(js, out), nil
}

func privateDecrypt(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	key, data, padding, hash, label, err := rsaArgs(a, paddingOAEP)
	if err != nil {
		return nil, err
	}
	k, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, failed("decrypt")
	}
	var out []byte
	switch padding {
	case paddingOAEP:
		out, err = rsa.DecryptOAEP(hash.New(), rand.Reader, k, data, label)
	case paddingPKCS1:
		out, err = rsa.DecryptPKCS1v15(rand.Reader, k, data)
	case paddingNone:
		out, err = power(data, k.D, &k.PublicKey)
	default:
		err = failed("decrypt")
	}
	if err != nil {
		return nil, failed("decrypt")
	}
	return buffer(js, out), nil
}

// power is RSA without padding. It is not constant in time, which does not
// matter on a developer's machine.
func power(data []byte, exponent *big.Int, k *rsa.PublicKey) ([]byte, error) {
	m := new(big.Int).SetBytes(data)
	if len(data) != k.Size() || m.Cmp(k.N) >= 0 {
		return nil, failed("encrypt")
	}
	return m.Exp(m, exponent, k.N).FillBytes(make([]byte, k.Size())), nil
}

// privateEncrypt is a signature of the data itself.
func privateEncrypt(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	key, data, padding, _, _, err := rsaArgs(a, paddingPKCS1)
	if err != nil {
		return nil, err
	}
	k, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, failed("encrypt")
	}
	var out []byte
	if padding == paddingNone {
		out, err = power(data, k.D, &k.PublicKey)
	} else {
		out, err = rsa.SignPKCS1v15(nil, k, 0, data)
	}
	if err != nil {
		return nil, failed("encrypt")
	}
	return buffer(js, out), nil
}

func publicDecrypt(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	key, data, padding, _, _, err := rsaArgs(a, paddingPKCS1)
	if err != nil {
		return nil, err
	}
	k, ok := public(key).(*rsa.PublicKey)
	if !ok {
		return nil, failed("decrypt")
	}
	out, err := power(data, big.NewInt(int64(k.E)), k)
	if err != nil {
		return nil, failed("decrypt")
	}
	if padding == paddingNone {
		return buffer(js, out), nil
	}
	// 00 01 FF … FF 00 data
	if len(out) < 11 || out[0] != 0 || out[1] != 1 {
		return nil, failed("decrypt")
	}
	i := 2
	for i < len(out) && out[i] == 0xff {
		i++
	}
	if i < 10 || i == len(out) || out[i] != 0 {
		return nil, failed("decrypt")
	}
	return buffer(js, out[i+1:]), nil
}
