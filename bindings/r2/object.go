package r2

import (
	"encoding/json"
	"time"
	"unicode/utf16"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Object is what R2 tells about a stored object.
type Object struct {
	Key          string
	Version      string
	Size         int64
	ETag         string // without quotes
	Uploaded     time.Time
	HTTP         HTTPMetadata
	Custom       []Pair
	Checksums    Checksums
	StorageClass string
	// SSECKey is the MD5 of the customer's key in hex, "" for none.
	SSECKey string
	// Range is the part that Get returns; Head and Get of a whole object give
	// all of it, Put and List leave it nil.
	Range *Span
}

// HTTPETag is the ETag as it goes into a header.
func (o *Object) HTTPETag() string { return `"` + o.ETag + `"` }

// HTTPMetadata are the headers kept with an object; empty means absent.
type HTTPMetadata struct {
	ContentType        string    `json:"contentType,omitzero"`
	ContentLanguage    string    `json:"contentLanguage,omitzero"`
	ContentDisposition string    `json:"contentDisposition,omitzero"`
	ContentEncoding    string    `json:"contentEncoding,omitzero"`
	CacheControl       string    `json:"cacheControl,omitzero"`
	CacheExpiry        time.Time `json:"cacheExpiry,omitzero"`
}

// Pair is one entry of custom metadata; the order is kept.
type Pair struct{ Key, Value string }

// Checksums of the content. MD5 is always known, except for multipart uploads;
// the others only if they were sent along.
type Checksums struct {
	MD5    []byte `json:"md5,omitempty"`
	SHA1   []byte `json:"sha1,omitempty"`
	SHA256 []byte `json:"sha256,omitempty"`
	SHA384 []byte `json:"sha384,omitempty"`
	SHA512 []byte `json:"sha512,omitempty"`
}

// Span is a resolved range of bytes.
type Span struct{ Offset, Length int64 }

// Storage classes.
const (
	Standard         = "Standard"
	InfrequentAccess = "InfrequentAccess"
)

// Limits of R2.
const (
	MaxKeySize      = 1024               // bytes
	MaxMetadataSize = 8192               // bytes, custom metadata only
	MaxValueSize    = 5<<30 - 5<<20      // bytes
	MaxListKeys     = 1000               // and 100 with metadata included
	MinPartSize     = 5 << 20            // bytes, all parts but the last
	MaxParts        = 10_000             // part numbers are 1 to 10,000
	uploadLifetime  = 7 * 24 * time.Hour // unfinished uploads are aborted then
	maxInline       = 64 << 10           // bytes; small contents live in the database
)

func checkKey(key string) error {
	if len(key) > MaxKeySize {
		return ErrInvalidName
	}
	return nil
}

func checkCustom(custom []Pair) error {
	size := 0
	for _, p := range custom {
		size += serializedLength(p.Key) + serializedLength(p.Value)
	}
	if size > MaxMetadataSize {
		return ErrMetadataTooLarge
	}
	return nil
}

// serializedLength counts UTF-16 units: one byte each while all of them fit
// one, else two.
func serializedLength(s string) int {
	units := utf16.Encode([]rune(s))
	for _, u := range units {
		if u >= 256 {
			return 2 * len(units)
		}
	}
	return len(units)
}

// meta is the part of an object that is kept as text in the database.
type meta struct{ http, custom, checksums string }

func encodeMeta(http HTTPMetadata, custom []Pair, sums Checksums) (m meta, err error) {
	for _, x := range []struct {
		to   *string
		from any
	}{{&m.http, http}, {&m.custom, custom}, {&m.checksums, sums}} {
		text, err := json.Marshal(x.from)
		if err != nil {
			return meta{}, err
		}
		*x.to = string(text)
	}
	return m, nil
}

// objectColumns is what readObject expects.
const objectColumns = "key, version, size, etag, uploaded, class, ssec, checksums, http, custom"

func readObject(r *store.Stmt) (*Object, error) {
	o := &Object{
		Key: r.Text(0), Version: r.Text(1), Size: r.Int64(2), ETag: r.Text(3),
		Uploaded: time.UnixMilli(r.Int64(4)).UTC(), StorageClass: r.Text(5), SSECKey: r.Text(6),
	}
	for i, to := range []any{&o.Checksums, &o.HTTP, &o.Custom} {
		if text := r.Text(7 + i); text != "{}" && text != "null" {
			if err := json.Unmarshal([]byte(text), to); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}
