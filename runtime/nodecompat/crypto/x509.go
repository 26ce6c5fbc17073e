package crypto

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// certificate is an X509Certificate.
type certificate struct{ *x509.Certificate }

var certificateClass = handle[certificate]("CertificateHandle")

var x509Funcs = map[string]native{
	"parseCertificate": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		data := clone(a, 0)
		if block, _ := pem.Decode(data); block != nil {
			data = block.Bytes
		}
		c, err := x509.ParseCertificate(data)
		if err != nil {
			return jsg.Null, nil
		}
		return certificateClass.Wrap(js, &certificate{c}), nil
	},
	"describeCertificate": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		c := certificateClass.Arg(a, 0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return c.describe(js), nil
	},
	"certificateKey": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		c := certificateClass.Arg(a, 0)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return keyClass.Wrap(js, &keyState{c.PublicKey}), nil
	},
	"certificateIssued": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		c, other := certificateClass.Arg(a, 0), certificateClass.Arg(a, 1)
		if err := a.Err(); err != nil {
			return nil, err
		}
		return js.Bool(bytes.Equal(c.RawIssuer, other.RawSubject)), nil
	},
	"certificateVerify": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		c, k := certificateClass.Arg(a, 0), keyClass.Arg(a, 1)
		if err := a.Err(); err != nil {
			return nil, err
		}
		signer := &x509.Certificate{PublicKey: public(k.key), PublicKeyAlgorithm: c.PublicKeyAlgorithm}
		return js.Bool(signer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil), nil
	},
	"certificateHost": func(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
		c, name := certificateClass.Arg(a, 0), a.String(1)
		if err := a.Err(); err != nil {
			return nil, err
		}
		if net.ParseIP(name) != nil {
			name = "[" + name + "]"
		}
		return js.Bool(c.VerifyHostname(name) == nil), nil
	},
}

func (c *certificate) describe(js *jsg.Scope) *jsg.Object {
	const form = "Jan _2 15:04:05 2006 GMT"
	return js.Record(
		"subject", multiline(c.Subject), "issuer", multiline(c.Issuer), "subjectAltName", c.altNames(),
		"validFrom", c.NotBefore.UTC().Format(form), "validTo", c.NotAfter.UTC().Format(form),
		"fingerprint", fingerprint(sum1(c.Raw)), "fingerprint256", fingerprint(sum256(c.Raw)), "fingerprint512", fingerprint(sum512(c.Raw)),
		"serialNumber", strings.ToUpper(c.SerialNumber.Text(16)), "ca", c.IsCA, "raw", buffer(js, bytes.Clone(c.Raw)),
		"emails", strings.Join(c.EmailAddresses, "\n"), "pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})),
	)
}

func sum1(b []byte) []byte   { s := sha1.Sum(b); return s[:] }
func sum256(b []byte) []byte { s := sha256.Sum256(b); return s[:] }
func sum512(b []byte) []byte { s := sha512.Sum512(b); return s[:] }

func fingerprint(sum []byte) string {
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}

// multiline is a name as Node shows it, one attribute in a line.
func multiline(n pkix.Name) string {
	labels := map[string]string{"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU",
		"1.2.840.113549.1.9.1": "emailAddress", "2.5.4.5": "serialNumber"}
	var lines []string
	for _, at := range n.Names {
		label, ok := labels[at.Type.String()]
		if !ok {
			label = at.Type.String()
		}
		lines = append(lines, fmt.Sprintf("%s=%v", label, at.Value))
	}
	return strings.Join(lines, "\n")
}

func (c *certificate) altNames() string {
	var list []string
	for _, n := range c.DNSNames {
		list = append(list, "DNS:"+n)
	}
	for _, ip := range c.IPAddresses {
		list = append(list, "IP Address:"+ip.String())
	}
	for _, u := range c.URIs {
		list = append(list, "URI:"+u.String())
	}
	for _, e := range c.EmailAddresses {
		list = append(list, "email:"+e)
	}
	return strings.Join(list, ", ")
}
