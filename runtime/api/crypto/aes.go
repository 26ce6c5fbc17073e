package crypto

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

var aesAlgorithms = []*algorithm{
	newAES("AES-CBC", encryptCBC, decryptCBC),
	newAES("AES-CTR", cryptCTR, cryptCTR),
	newAES("AES-GCM", encryptGCM, decryptGCM),
	{name: "AES-KW", secretUses: wrapUses, generate: generateAES, keyLength: aesLength, importKey: importAES,
		exportKey: exportAES, exportJWK: aesJWK, wrap: wrapKW, unwrap: unwrapKW},
}

// cipherFunc may overwrite data.
type cipherFunc = func(p *params, k *Key, data []byte) (work[[]byte], error)

func newAES(name string, encrypt, decrypt cipherFunc) *algorithm {
	return &algorithm{name: name, secretUses: cipherUses, generate: generateAES, keyLength: aesLength, importKey: importAES,
		exportKey: exportAES, exportJWK: aesJWK, encrypt: encrypt, decrypt: decrypt}
}

func aesLength(p *params) (int, error) {
	bits := p.int("length")
	if p.a.Err() == nil && p.derived && bits != 128 && bits != 192 && bits != 256 {
		return 0, operationError("Derived AES key must be 128, 192, or 256 bits in length but provided %d.", bits)
	}
	if p.a.Err() == nil && bits != 128 && bits != 192 && bits != 256 {
		return 0, operationError("Generated AES key length must be 128, 192, or 256 bits but requested %d.", bits)
	}
	return bits, nil
}

func generateAES(p *params, k *Key) (work[struct{}], error) {
	bits, err := aesLength(p)
	if err != nil || p.a.Err() != nil {
		return nil, err
	}
	k.length, k.secret = bits, make([]byte, bits/8)
	rand.Read(k.secret)
	return nil, nil
}

func importAES(_ *params, in *keyData, k *Key) error {
	if err := k.checkUsages(); err != nil {
		return err
	}
	switch in.format {
	case "raw":
		k.secret = in.bytes
	case "jwk":
		if in.jwk.fields["kty"] != "oct" {
			return dataError("Symmetric \"jwk\" key import requires a JSON Web Key with Key Type parameter \"kty\" equal to \"oct\" (encountered %q).", in.jwk.shown("kty"))
		}
		var ok bool
		if k.secret, ok = in.jwk.bytes("k"); !ok {
			return dataError("Symmetric \"jwk\" key import requires a base64Url encoding of the key.")
		}
	default:
		return in.notFormat()
	}
	k.length = 8 * len(k.secret)
	if k.length != 128 && k.length != 192 && k.length != 256 {
		return dataError("Imported AES key length must be 128, 192, or 256 bits but provided %d.", k.length)
	}
	if in.jwk != nil && in.jwk.has("alg") && in.jwk.fields["alg"] != aesJWKName(k) {
		return dataError("Symmetric \"jwk\" key contains invalid \"alg\" value %q, expected %q.", in.jwk.fields["alg"], aesJWKName(k))
	}
	return nil
}

func exportAES(k *Key, format string) ([]byte, error) {
	if format != "raw" {
		return nil, unsupported("%s key only supports exporting \"raw\", \"raw-secret\" & \"jwk\", not %q.", k.alg.name, format)
	}
	return k.secret, nil
}

func aesJWK(k *Key) (jwk, error) {
	return jwk{"kty", "oct", "alg", aesJWKName(k), "k", base64url(k.secret)}, nil
}

func aesJWKName(k *Key) string {
	return fmt.Sprintf("A%d%s", k.length, strings.TrimPrefix(k.alg.name, "AES-"))
}

// block is the cipher of a key, whose length was checked when it was made.
func (k *Key) block() cipher.Block {
	b, err := aes.NewCipher(k.secret)
	if err != nil {
		panic(err)
	}
	return b
}

func decryptionFailed(k *Key, input, output int) error {
	return operationError("Decryption failed. This could be due to a ciphertext authentication failure, bad padding, incorrect CryptoKey, or another algorithm-specific reason. Input length was %d, output length expected to be %d for %s", input, output, k.alg.name)
}

func cbcIV(p *params, unit string) ([]byte, error) {
	iv := p.bytes("iv")
	if p.a.Err() != nil {
		return nil, p.a.Err()
	}
	if len(iv) != aes.BlockSize {
		return nil, operationError("AES-CBC IV must be 16 bytes long (provided %d%s).", len(iv), unit)
	}
	return iv, nil
}

func encryptCBC(p *params, k *Key, data []byte) (work[[]byte], error) {
	iv, err := cbcIV(p, " bytes")
	if err != nil {
		return nil, err
	}
	return func() ([]byte, error) {
		pad := aes.BlockSize - len(data)%aes.BlockSize
		out := append(data, bytes.Repeat([]byte{byte(pad)}, pad)...)
		cipher.NewCBCEncrypter(k.block(), iv).CryptBlocks(out, out)
		return out, nil
	}, nil
}

func decryptCBC(p *params, k *Key, data []byte) (work[[]byte], error) {
	iv, err := cbcIV(p, "")
	if err != nil {
		return nil, err
	}
	if len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, decryptionFailed(k, len(data), max(0, (len(data)-1)/aes.BlockSize*aes.BlockSize))
	}
	return func() ([]byte, error) {
		cipher.NewCBCDecrypter(k.block(), iv).CryptBlocks(data, data)
		pad := int(data[len(data)-1])
		if pad == 0 || pad > aes.BlockSize || slices.ContainsFunc(data[len(data)-pad:], func(c byte) bool { return int(c) != pad }) {
			return nil, decryptionFailed(k, len(data), len(data)-aes.BlockSize)
		}
		return data[:len(data)-pad], nil
	}, nil
}

// cryptCTR counts in the low bits of the counter block only, as WebCrypto
// wants: where they overflow, the others stay.
func cryptCTR(p *params, k *Key, data []byte) (work[[]byte], error) {
	for _, name := range []string{"counter", "length"} {
		if !p.has(name) {
			return nil, jsg.TypeErrorf("Missing %q member in \"algorithm\".", name)
		}
	}
	counter, bits := p.bytes("counter"), p.int("length")
	switch {
	case p.a.Err() != nil:
		return nil, p.a.Err()
	case len(counter) != aes.BlockSize:
		return nil, operationError("Counter must have length of 16 bytes (provided %d).", len(counter))
	case bits < 1 || bits > 128:
		return nil, operationError("Invalid counter of %d bits length provided.", bits)
	}
	blocks := big.NewInt(int64((len(data) + aes.BlockSize - 1) / aes.BlockSize))
	period := new(big.Int).Lsh(big.NewInt(1), uint(bits))
	if blocks.Cmp(period) > 0 {
		return nil, operationError("Counter block values will repeat.")
	}
	start := new(big.Int).SetBytes(counter)
	low := new(big.Int).Mod(start, period)
	first := len(data)
	if left := new(big.Int).Sub(period, low); left.Cmp(blocks) < 0 {
		first = int(left.Int64()) * aes.BlockSize
	}
	restart := start.Sub(start, low).FillBytes(make([]byte, aes.BlockSize))
	return func() ([]byte, error) {
		block := k.block()
		cipher.NewCTR(block, counter).XORKeyStream(data[:first], data[:first])
		if first < len(data) {
			cipher.NewCTR(block, restart).XORKeyStream(data[first:], data[first:])
		}
		return data, nil
	}, nil
}

// gcmParams are the parameters of AES-GCM; tag is in bytes.
func gcmParams(p *params, k *Key) (aead cipher.AEAD, iv, extra []byte, tag int, err error) {
	iv, extra = p.bytes("iv"), p.optBytes("additionalData")
	bits := p.optInt("tagLength", 128)
	switch {
	case p.a.Err() != nil:
		return nil, nil, nil, 0, p.a.Err()
	case len(iv) == 0:
		return nil, nil, nil, 0, operationError("AES-GCM IV must not be empty.")
	case !slices.Contains([]int{32, 64, 96, 104, 112, 120, 128}, bits):
		return nil, nil, nil, 0, operationError("Invalid AES-GCM tag length %d.", bits)
	}
	aead, err = cipher.NewGCMWithNonceSize(k.block(), len(iv))
	return aead, iv, extra, bits / 8, err
}

func encryptGCM(p *params, k *Key, data []byte) (work[[]byte], error) {
	aead, iv, extra, tag, err := gcmParams(p, k)
	if err != nil {
		return nil, err
	}
	return func() ([]byte, error) { return aead.Seal(nil, iv, data, extra)[:len(data)+tag], nil }, nil
}

// decryptGCM checks the tag by encrypting anew, because the library opens only
// tags of full length: GCM's encryption is its own inverse.
func decryptGCM(p *params, k *Key, data []byte) (work[[]byte], error) {
	aead, iv, extra, tag, err := gcmParams(p, k)
	if err != nil {
		return nil, err
	}
	n := len(data) - tag
	if n < 0 {
		return nil, operationError("Ciphertext length of %d bits must be greater than or equal to the size of the AES-GCM tag length of %d bits.", 8*len(data), 8*tag)
	}
	return func() ([]byte, error) {
		plain := aead.Seal(nil, iv, data[:n], extra)[:n]
		if again := aead.Seal(nil, iv, plain, extra)[:n+tag]; subtle.ConstantTimeCompare(again, data) != 1 {
			return nil, decryptionFailed(k, n, n)
		}
		return plain, nil
	}, nil
}

// The initial value of RFC 3394, section 2.2.3.1.
var kwInitial = bytes.Repeat([]byte{0xA6}, 8)

// wrapKW is the key wrap of RFC 3394, section 2.2.1.
func wrapKW(k *Key, data []byte) ([]byte, error) {
	if len(data)%8 != 0 {
		return nil, operationError("Unwrapped key bit length must be a multiple of 64 bits but unwrapped key has a length of %d bits.", 8*len(data))
	}
	if len(data) < 16 {
		return nil, operationError("Unwrapped key has length %d bytes but it should be greater than or equal to 16 and less than or equal to %d", len(data), uint64(math.MaxUint64-8))
	}
	block, n := k.block(), len(data)/8
	out := append(bytes.Clone(kwInitial), data...)
	var b [aes.BlockSize]byte
	copy(b[:8], out)
	for step := 1; step <= 6*n; step++ {
		part := out[8+8*((step-1)%n):][:8]
		copy(b[8:], part)
		block.Encrypt(b[:], b[:])
		copy(part, b[8:])
		binary.BigEndian.PutUint64(b[:8], binary.BigEndian.Uint64(b[:8])^uint64(step))
	}
	copy(out, b[:8])
	return out, nil
}

// unwrapKW is the inverse, section 2.2.2.
func unwrapKW(k *Key, data []byte) ([]byte, error) {
	switch {
	case len(data)%8 != 0:
		return nil, operationError("Provided a wrapped key to unwrap that is %d bits which isn't a multiple of 64 bits.", 8*len(data))
	case len(data) < 24:
		return nil, operationError("Provided a wrapped key to unwrap this is %d bits that is less than the minimal length of 192 bits.", 8*len(data))
	}
	block, n, out := k.block(), len(data)/8-1, data[8:]
	var b [aes.BlockSize]byte
	copy(b[:8], data)
	for step := 6 * n; step >= 1; step-- {
		part := out[8*((step-1)%n):][:8]
		binary.BigEndian.PutUint64(b[:8], binary.BigEndian.Uint64(b[:8])^uint64(step))
		copy(b[8:], part)
		block.Decrypt(b[:], b[:])
		copy(part, b[8:])
	}
	if subtle.ConstantTimeCompare(b[:8], kwInitial) != 1 {
		return nil, operationError("AES-KW key unwrapping failed.")
	}
	return out, nil
}
