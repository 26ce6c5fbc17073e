package crypto

import (
	"crypto/hkdf"
	"crypto/pbkdf2"
)

var kdfAlgorithms = []*algorithm{
	{name: "PBKDF2", secretUses: deriveUses, importKey: importPassword, derive: derivePBKDF2, keyLength: nullLength},
	{name: "HKDF", secretUses: deriveUses, importKey: importPassword, derive: deriveHKDF, keyLength: nullLength},
}

func nullLength(*params) (int, error) { return -1, nil }

func importPassword(_ *params, in *keyData, k *Key) error {
	if in.format != "raw" {
		stop := "" // the two texts differ in it
		if k.alg.name == "PBKDF2" {
			stop = "."
		}
		return unsupported("%s key must be imported in \"raw\" format (requested %q)%s", k.alg.name, in.format, stop)
	}
	if err := k.checkUsages(); err != nil {
		return err
	}
	if k.extractable {
		return syntaxError("%s key cannot be extractable.", k.alg.name)
	}
	k.secret = in.bytes
	return nil
}

// kdfLength is the number of bytes wanted.
func kdfLength(k *Key, bits int) (int, error) {
	switch {
	case bits < 0:
		return 0, operationError("%s cannot derive a key with null length.", k.alg.name)
	case bits%8 != 0:
		return 0, operationError("%s requires a derived key length that is a multiple of eight (requested %d).", k.alg.name, bits)
	}
	return bits / 8, nil
}

func derivePBKDF2(p *params, k *Key, bits int) (work[[]byte], error) {
	hash, salt, rounds := p.hash(), p.bytes("salt"), p.int("iterations")
	if p.a.Err() != nil {
		return nil, nil
	}
	n, err := kdfLength(k, bits)
	if err != nil {
		return nil, err
	}
	if rounds <= 0 {
		return nil, operationError("PBKDF2 requires a positive iteration count (requested %d).", rounds)
	}
	if n > 255*digests[hash].Size() { // workerd's limit, not the algorithm's
		return nil, operationError("Pbkdf2 failed: derived key length exceeds maximum for this hash")
	}
	p.long = rounds > 1000
	return func() ([]byte, error) {
		if n == 0 {
			return nil, nil
		}
		b, err := pbkdf2.Key(digests[hash].New, string(k.secret), salt, rounds, n)
		if err != nil {
			return nil, operationError("PBKDF2 deriveBits failed.")
		}
		return b, nil
	}, nil
}

func deriveHKDF(p *params, k *Key, bits int) (work[[]byte], error) {
	hash, salt, info := p.hash(), p.bytes("salt"), p.bytes("info")
	if p.a.Err() != nil {
		return nil, nil
	}
	n, err := kdfLength(k, bits)
	if err != nil {
		return nil, err
	}
	return func() ([]byte, error) {
		if n == 0 {
			return nil, nil
		}
		b, err := hkdf.Key(digests[hash].New, k.secret, salt, string(info), n)
		if err != nil {
			return nil, operationError("HKDF deriveBits failed.")
		}
		return b, nil
	}, nil
}
