package r2

import (
	"crypto/md5"
	"encoding/hex"
)

// SSECKey is a customer's encryption key (SSE-C) of 32 bytes, nil for none.
type SSECKey []byte

const ssecKeySize = 32 // bytes

// id is what is kept of the key: its MD5 in hex, "" for none.
func (k SSECKey) id() string {
	if k == nil {
		return ""
	}
	sum := md5.Sum(k)
	return hex.EncodeToString(sum[:])
}

// opens reports an error if content was stored with another key. A key for
// content that has none is ignored.
func (k SSECKey) opens(stored string) error {
	if stored != "" && k.id() != stored {
		return errSSECKey
	}
	return nil
}
