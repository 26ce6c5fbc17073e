package crypto

import (
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// algorithm is one row of the WebCrypto registration table. A nil function
// means the algorithm has no such operation; the usages of its keys keep calls
// away from it.
type algorithm struct {
	name string
	// What keys of each kind may be used for.
	secretUses, privateUses, publicUses []string

	// generate makes key material into k (for pairs both halves); what takes
	// long of it is the work, if there is any.
	generate func(p *params, k *Key) (work[struct{}], error)
	// importKey reads key material of a format into k and sets k.kind.
	importKey func(p *params, in *keyData, k *Key) error
	// exportKey gives bytes for raw, spki and pkcs8.
	exportKey func(k *Key, format string) ([]byte, error)
	// exportJWK gives the fields of a JSON Web Key particular to it.
	exportJWK func(k *Key) (jwk, error)

	sign    func(p *params, k *Key, data []byte) (work[[]byte], error)
	verify  func(p *params, k *Key, signature, data []byte) (work[bool], error)
	encrypt cipherFunc
	decrypt cipherFunc
	wrap    func(k *Key, data []byte) ([]byte, error)
	unwrap  func(k *Key, data []byte) ([]byte, error)
	// derive gives bits; a negative number means no limit was given.
	derive func(p *params, k *Key, bits int) (work[[]byte], error)
	// keyLength is the number of bits a derived key needs, negative for null.
	keyLength func(p *params) (int, error)
}

// algorithms by upper-case name.
var algorithms map[string]*algorithm

func init() {
	algorithms = map[string]*algorithm{}
	for _, list := range [][]*algorithm{{hmacAlgorithm}, aesAlgorithms, kdfAlgorithms, ecAlgorithms, okpAlgorithms, rsaAlgorithms} {
		for _, alg := range list {
			algorithms[strings.ToUpper(alg.name)] = alg
		}
	}
}

func algorithmNamed(name string) *algorithm { return algorithms[strings.ToUpper(name)] }

// uses are the usages of a kind of key.
func (alg *algorithm) uses(kind string) []string {
	switch kind {
	case "private":
		return alg.privateUses
	case "public":
		return alg.publicUses
	}
	return alg.secretUses
}

// isPair reports whether generateKey makes a pair.
func (alg *algorithm) isPair() bool { return alg.secretUses == nil }

// keyData is what importKey is given: bytes, or a JSON Web Key.
type keyData struct {
	format string
	bytes  []byte
	jwk    *jwkReader
}

// notFormat is the error for a format an algorithm does not import.
func (in *keyData) notFormat() error {
	return unsupported("Unrecognized key import format %q.", in.format)
}

var (
	cipherUses  = []string{"encrypt", "decrypt", "wrapKey", "unwrapKey"}
	wrapUses    = []string{"wrapKey", "unwrapKey"}
	deriveUses  = []string{"deriveKey", "deriveBits"}
	signOnly    = []string{"sign"}
	verifyOnly  = []string{"verify"}
	noUses      = []string{}
	errMismatch = jsg.TypeErrorf("Import data provided for buffer-based import formats must be a buffer source.")
)
