package crypto

import (
	"crypto/rand"
	"crypto/rsa"
)

var rsaAlgorithms = []*algorithm{
	{name: "RSASSA-PKCS1-v1_5", privateUses: signOnly, publicUses: verifyOnly, generate: generateRSA, importKey: importRSA,
		exportKey: exportRSA, exportJWK: rsaJWK, sign: signPKCS1, verify: verifyPKCS1},
	{name: "RSA-PSS", privateUses: signOnly, publicUses: verifyOnly, generate: generateRSA, importKey: importRSA,
		exportKey: exportRSA, exportJWK: rsaJWK, sign: signPSS, verify: verifyPSS},
	{name: "RSA-OAEP", privateUses: []string{"decrypt", "unwrapKey"}, publicUses: []string{"encrypt", "wrapKey"}, generate: generateRSA,
		importKey: importRSA, exportKey: exportRSA, exportJWK: rsaJWK, encrypt: encryptOAEP, decrypt: decryptOAEP},
	{name: rsaRaw, privateUses: signOnly, publicUses: noUses, importKey: importRSA, exportKey: exportRSA, exportJWK: rsaJWK, sign: signRaw},
}

// slowRSA are the bytes of a modulus from which private operations take long.
const slowRSA = 256

// errRSA is for keys whose numbers do not fit together: they can be imported,
// as in workerd.
func errRSA() error { return operationError("The RSA key is not valid.") }

func signPKCS1(p *params, k *Key, data []byte) (work[[]byte], error) {
	key := k.private.(*rsa.PrivateKey)
	p.long = key.Size() >= slowRSA
	return func() ([]byte, error) {
		b, err := rsa.SignPKCS1v15(rand.Reader, key, digests[k.hash], sum(k.hash, data))
		switch {
		case err == rsa.ErrMessageTooLong:
			return nil, operationError("key too small for signing with given digest, need at least %dbits.", leastPKCS1(k.hash))
		case err != nil:
			return nil, errRSA()
		}
		return b, nil
	}, nil
}

// leastPKCS1 are the bits of the smallest key that workerd signs a digest with.
func leastPKCS1(hash string) int { return 8 * (digests[hash].Size() + 32) }

func verifyPKCS1(_ *params, k *Key, signature, data []byte) (work[bool], error) {
	return func() (bool, error) {
		return rsa.VerifyPKCS1v15(k.public.(*rsa.PublicKey), digests[k.hash], sum(k.hash, data), signature) == nil, nil
	}, nil
}

func saltLength(p *params) (int, error) {
	if !p.has("saltLength") {
		return 0, dataError("Failed to provide salt for RSA-PSS key operation which requires a salt")
	}
	n := p.int("saltLength")
	if n < 0 {
		return 0, dataError("SaltLength for RSA-PSS must be non-negative (provided %d).", n)
	}
	return n, p.a.Err()
}

// The library takes a salt length of 0 for "as long as possible"; signatures
// without salt are made here.

func signPSS(p *params, k *Key, data []byte) (work[[]byte], error) {
	n, err := saltLength(p)
	if err != nil {
		return nil, err
	}
	key := k.private.(*rsa.PrivateKey)
	p.long = key.Size() >= slowRSA
	return func() ([]byte, error) {
		if n == 0 {
			return signUnsalted(k, data)
		}
		b, err := rsa.SignPSS(rand.Reader, key, digests[k.hash], sum(k.hash, data), &rsa.PSSOptions{SaltLength: n})
		switch {
		case n+digests[k.hash].Size()+2 > (key.N.BitLen()+6)/8:
			return nil, errSmallPSS()
		case err != nil:
			return nil, errRSA()
		}
		return b, nil
	}, nil
}

func errSmallPSS() error {
	return operationError("key too small for signing with given digest and salt length")
}

func verifyPSS(p *params, k *Key, signature, data []byte) (work[bool], error) {
	n, err := saltLength(p)
	if err != nil {
		return nil, err
	}
	return func() (bool, error) {
		if n == 0 {
			return verifyUnsalted(k, signature, data), nil
		}
		options := &rsa.PSSOptions{SaltLength: n}
		return rsa.VerifyPSS(k.public.(*rsa.PublicKey), digests[k.hash], sum(k.hash, data), signature, options) == nil, nil
	}, nil
}

func encryptOAEP(p *params, k *Key, data []byte) (work[[]byte], error) {
	label := p.optBytes("label")
	if p.a.Err() != nil {
		return nil, p.a.Err()
	}
	key := k.public.(*rsa.PublicKey)
	if key.Size() < 2*digests[k.hash].Size()+2 {
		return nil, operationError("RSA-OAEP failed encrypt/decrypt: RSA key size is too small..")
	}
	return func() ([]byte, error) {
		b, err := rsa.EncryptOAEP(digests[k.hash].New(), rand.Reader, key, data, label)
		if err != nil {
			return nil, errOAEP()
		}
		return b, nil
	}, nil
}

func decryptOAEP(p *params, k *Key, data []byte) (work[[]byte], error) {
	label := p.optBytes("label")
	if p.a.Err() != nil {
		return nil, p.a.Err()
	}
	key := k.private.(*rsa.PrivateKey)
	if len(data) != key.Size() {
		return nil, operationError("RSA-OAEP failed encrypt/decrypt: Invalid RSA signature..")
	}
	p.long = key.Size() >= slowRSA
	return func() ([]byte, error) {
		b, err := rsa.DecryptOAEP(digests[k.hash].New(), nil, key, data, label)
		if err != nil {
			return nil, errOAEP()
		}
		return b, nil
	}, nil
}

func errOAEP() error { return operationError("RSA-OAEP failed encrypt/decrypt.") }
