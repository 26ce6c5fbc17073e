package crypto

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// spkac is Netscape's signed public key and challenge, what <keygen> sent.
type spkac struct {
	Content   asn1.RawContent
	Signed    signedChallenge
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

type signedChallenge struct {
	Content   asn1.RawContent
	Key       asn1.RawValue
	Challenge string `asn1:"ia5"`
}

// parseSPKAC is nil for what is none.
func parseSPKAC(text []byte) *spkac {
	der, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return nil
	}
	s := &spkac{}
	if rest, err := asn1.Unmarshal(der, s); err != nil || len(rest) > 0 {
		return nil
	}
	return s
}

// spkacHashes are the signatures that are believed: RSA with these digests.
var spkacHashes = map[string]crypto.Hash{
	"1.2.840.113549.1.1.5": crypto.SHA1, "1.2.840.113549.1.1.11": crypto.SHA256, "1.2.840.113549.1.1.12": crypto.SHA384, "1.2.840.113549.1.1.13": crypto.SHA512,
}

func (s *spkac) valid() bool {
	key, err := x509.ParsePKIXPublicKey(s.Signed.Key.FullBytes)
	hash, known := spkacHashes[s.Algorithm.Algorithm.String()]
	if err != nil || !known {
		return false
	}
	h := hash.New()
	h.Write(s.Signed.Content)
	k, ok := key.(*rsa.PublicKey)
	return ok && rsa.VerifyPKCS1v15(k, hash, h.Sum(nil), s.Signature.RightAlign()) == nil
}

var spkacFuncs = map[string]native{
	"verifySpkac": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		s := parseSPKAC(clone(a, 0))
		return js.Bool(s != nil && s.valid()), nil
	},
	"spkacKey": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		s := parseSPKAC(clone(a, 0))
		if s == nil {
			return js.String(""), nil
		}
		return js.String(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: s.Signed.Key.FullBytes}))), nil
	},
	"spkacChallenge": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		s := parseSPKAC(clone(a, 0))
		if s == nil {
			return js.String(""), nil
		}
		return js.String(s.Signed.Challenge), nil
	},
}
