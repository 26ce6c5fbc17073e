package r2

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// PutOptions say what is kept with an object. Checksums set are compared with
// the content.
type PutOptions struct {
	HTTP         HTTPMetadata
	Custom       []Pair
	Checksums    Checksums
	StorageClass string // "" means Standard
	OnlyIf       *Condition
	SSECKey      SSECKey
}

// digest is one checksum being computed.
type digest struct {
	name string
	hash hash.Hash
	want []byte
	got  *[]byte // where it goes in the object's Checksums
}

// digests are the checksums to compute for o: MD5 always, others if given.
func digests(o *Checksums, sums *Checksums) []digest {
	list := []digest{{"MD5", md5.New(), o.MD5, &sums.MD5}}
	add := func(name string, h func() hash.Hash, want []byte, got *[]byte) {
		if want != nil {
			list = append(list, digest{name, h(), want, got})
		}
	}
	add("SHA-1", sha1.New, o.SHA1, &sums.SHA1)
	add("SHA-256", sha256.New, o.SHA256, &sums.SHA256)
	add("SHA-384", sha512.New384, o.SHA384, &sums.SHA384)
	add("SHA-512", sha512.New, o.SHA512, &sums.SHA512)
	return list
}

// Put stores size bytes from r (all there is, if size is negative) at key. The
// object is replaced as a whole when all of it has arrived, or not at all. It
// returns nil if OnlyIf does not hold.
func (b *Bucket) Put(ctx context.Context, key string, r io.Reader, size int64, o PutOptions) (*Object, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	if err := checkCustom(o.Custom); err != nil {
		return nil, err
	}
	if size > MaxValueSize {
		return nil, ErrEntityTooLarge
	}
	obj := &Object{
		Key: key, Version: store.RandomID(), HTTP: o.HTTP, Custom: o.Custom,
		StorageClass: o.StorageClass, SSECKey: o.SSECKey.id(),
	}
	if obj.StorageClass == "" {
		obj.StorageClass = Standard
	}
	sums := digests(&o.Checksums, &obj.Checksums)
	c, err := b.receive(ctx, r, size, maxInline, sums)
	if err != nil {
		return nil, err
	}
	for _, d := range sums {
		*d.got = d.hash.Sum(nil)
		if d.want != nil && !bytes.Equal(d.want, *d.got) {
			b.drop(c)
			return nil, badDigest(d.name, d.want, *d.got)
		}
	}
	obj.Size, obj.ETag = c.size, hex.EncodeToString(obj.Checksums.MD5)
	stored, err := b.commit(obj, c, o.OnlyIf)
	if err != nil || !stored {
		b.drop(c)
		return nil, err
	}
	return obj, nil
}

// content is what was received: in memory if small, else a committed file.
type content struct {
	size int64
	data []byte
	blob string
}

// drop removes content that no row refers to.
func (b *Bucket) drop(c content) {
	if c.blob != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.discard([]string{c.blob})
	}
}

// receive reads the content, hashing it on the way. Up to inline bytes stay in
// memory.
func (b *Bucket) receive(ctx context.Context, r io.Reader, size, inline int64, sums []digest) (content, error) {
	if size < 0 {
		size = MaxValueSize + 1 // any content, if it is not too large
	}
	limited := &io.LimitedReader{R: contextReader{ctx, r}, N: size}
	head := make([]byte, min(size, inline+1))
	n, err := io.ReadFull(limited, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return content{}, err
	}
	head = head[:n]
	if int64(n) <= inline {
		for _, d := range sums {
			d.hash.Write(head)
		}
		c := content{size: int64(n), data: head}
		return c, checkLength(c.size, size)
	}
	return b.receiveFile(limited, head, size, sums)
}

func (b *Bucket) receiveFile(r io.Reader, head []byte, size int64, sums []digest) (content, error) {
	if err := b.soil(); err != nil {
		return content{}, err
	}
	f, err := b.files.Create()
	if err != nil {
		return content{}, err
	}
	writers := []io.Writer{f}
	for _, d := range sums {
		writers = append(writers, d.hash)
	}
	n, err := io.CopyBuffer(io.MultiWriter(writers...), io.MultiReader(bytes.NewReader(head), r), make([]byte, 128<<10))
	if err == nil {
		err = checkLength(n, size)
	}
	if err != nil {
		f.Abort()
		return content{}, err
	}
	if err := f.Commit(); err != nil {
		return content{}, err
	}
	return content{size: n, blob: f.ID}, nil
}

// checkLength compares what came with what was announced.
func checkLength(got, want int64) error {
	switch {
	case want == MaxValueSize+1 && got < want:
		return nil
	case got > MaxValueSize:
		return ErrEntityTooLarge
	case got < want:
		return fmt.Errorf("r2: the content ended after %d of %d bytes", got, want)
	}
	return nil
}

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

const insertObject = `INSERT INTO objects (` + objectColumns + `, blob, upload, data)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (key) DO UPDATE SET version = excluded.version, size = excluded.size, etag = excluded.etag,
	uploaded = excluded.uploaded, class = excluded.class, ssec = excluded.ssec, checksums = excluded.checksums, http = excluded.http,
	custom = excluded.custom, blob = excluded.blob, upload = excluded.upload, data = excluded.data`

// commit makes o with its content the object at its key, if onlyIf holds. It
// stamps o with the time.
func (b *Bucket) commit(o *Object, c content, onlyIf *Condition) (stored bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return false, err
	}
	var dead []string
	err = b.db.Tx(func() error {
		if onlyIf != nil {
			old, err := b.find(o.Key)
			if err != nil {
				return err
			}
			if !onlyIf.holds(old) {
				return ErrPrecondition
			}
		}
		if dead, err = b.detach(o.Key); err != nil {
			return err
		}
		return b.insert(o, c, nil)
	})
	if errors.Is(err, ErrPrecondition) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	b.discard(dead)
	return true, nil
}

// insert writes the row of o, whose content is c or the parts of upload.
func (b *Bucket) insert(o *Object, c content, upload any) error {
	m, err := encodeMeta(o.HTTP, o.Custom, o.Checksums)
	if err != nil {
		return err
	}
	now := b.clock.Now().UnixMilli()
	o.Uploaded = time.UnixMilli(now).UTC()
	var blob, data any
	if c.blob != "" {
		blob = c.blob
	} else if upload == nil {
		data = c.data
	}
	return b.db.Exec(insertObject, o.Key, o.Version, o.Size, o.ETag, now, o.StorageClass, o.SSECKey,
		m.checksums, m.http, m.custom, blob, upload, data)
}
