package crypto

import (
	"bytes"
	"crypto/rsa"
	"encoding/binary"
	"math/big"
)

// What the library does not give: the bare RSA operation, and what needs it. It
// takes time that depends on the key, which nobody can measure on the machine of
// the developer whose keys these are.

const rsaRaw = "RSA-RAW"

// power is m to the power of the private exponent.
func power(key *rsa.PrivateKey, m *big.Int) []byte {
	return new(big.Int).Exp(m, key.D, key.N).FillBytes(make([]byte, key.Size()))
}

// signRaw is RSA-RAW, which signs what was padded or blinded already.
func signRaw(p *params, k *Key, data []byte) (work[[]byte], error) {
	key := k.private.(*rsa.PrivateKey)
	m := new(big.Int).SetBytes(data)
	switch {
	case len(data) > key.Size():
		return nil, dataError("Blind Signing requires presigned data (%d bytes) to be smaller than the key (%d bytes).", len(data), key.Size())
	case m.Cmp(key.N) >= 0:
		return nil, dataError("Blind Signing requires presigned data value to be strictly smaller than RSA keymodulus, consider using a larger key size.")
	case len(data) < key.Size():
		return nil, operationError("Invalid RSA signature.")
	}
	p.long = key.Size() >= slowRSA
	return func() ([]byte, error) { return power(key, m), nil }, nil
}

// signUnsalted is RSASSA-PSS with an empty salt.
func signUnsalted(k *Key, data []byte) ([]byte, error) {
	key := k.private.(*rsa.PrivateKey)
	encoded, ok := encodeUnsalted(k.hash, data, key.N.BitLen()-1)
	if !ok {
		return nil, errSmallPSS()
	}
	return power(key, new(big.Int).SetBytes(encoded)), nil
}

// verifyUnsalted verifies one: without salt there is one encoding only.
func verifyUnsalted(k *Key, signature, data []byte) bool {
	key := k.public.(*rsa.PublicKey)
	s := new(big.Int).SetBytes(signature)
	encoded, ok := encodeUnsalted(k.hash, data, key.N.BitLen()-1)
	if !ok || len(signature) != key.Size() || s.Cmp(key.N) >= 0 {
		return false
	}
	return s.Exp(s, big.NewInt(int64(key.E)), key.N).Cmp(new(big.Int).SetBytes(encoded)) == 0
}

// encodeUnsalted is EMSA-PSS of RFC 8017, section 9.1.1, with an empty salt; ok
// is false where the key is too small.
func encodeUnsalted(hash string, data []byte, bits int) (encoded []byte, ok bool) {
	size := (bits + 7) / 8
	block := size - digests[hash].Size() - 1
	if block < 1 {
		return nil, false
	}
	digest := sum(hash, append(make([]byte, 8), sum(hash, data)...))
	db := make([]byte, block)
	db[block-1] = 1
	for i, mask := 0, []byte(nil); i < block; i++ { // MGF1
		at := i % len(digest)
		if at == 0 {
			mask = sum(hash, binary.BigEndian.AppendUint32(bytes.Clone(digest), uint32(i/len(digest))))
		}
		db[i] ^= mask[at]
	}
	db[0] &= 0xFF >> (8*size - bits)
	return append(append(db, digest...), 0xBC), true
}
