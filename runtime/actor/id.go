package actor

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// ID names an object. Ids are comparable by Hex.
type ID struct {
	Hex string // 64 lower-case digits
	// Name is what the id was derived from, if Named.
	Name  string
	Named bool
	// Jurisdiction is where the object may live, "" for anywhere or if only the
	// digits are known.
	Jurisdiction string
}

// ids makes and checks the ids of one namespace. The first half of an id is
// random or a hash of the name, the second authenticates the first: an id of
// another namespace is recognised.
type ids struct{ key [sha256.Size]byte }

const idHalf = sha256.Size / 2

func newIDs(key string) ids { return ids{sha256.Sum256([]byte(key))} }

func (k ids) hash(data []byte) []byte {
	h := hmac.New(sha256.New, k.key[:])
	h.Write(data)
	return h.Sum(nil)[:idHalf]
}

func (k ids) seal(base []byte) string {
	return hex.EncodeToString(append(base[:idHalf:idHalf], k.hash(base[:idHalf])...))
}

func (k ids) fromName(name string) ID {
	return ID{Hex: k.seal(k.hash([]byte(name))), Name: name, Named: true}
}

func (k ids) unique() ID {
	base := make([]byte, idHalf)
	rand.Read(base)
	return ID{Hex: k.seal(base)}
}

func (k ids) parse(s string) (ID, error) {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != sha256.Size {
		return ID{}, jsg.TypeErrorf("Invalid Durable Object ID: must be 64 hex digits")
	}
	if !hmac.Equal(raw[idHalf:], k.hash(raw[:idHalf])) {
		return ID{}, jsg.TypeErrorf("Durable Object ID is not valid for this namespace.")
	}
	return ID{Hex: hex.EncodeToString(raw)}, nil
}

// HexFromName is the id of the object of that name in the namespace of that key.
func HexFromName(key, name string) string { return newIDs(key).fromName(name).Hex }
