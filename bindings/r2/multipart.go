package r2

import (
	"cmp"
	"context"
	"crypto/md5"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Part names an uploaded part: by the ETag that UploadPart gave, or by the MD5
// of its content in hex, which is its ETag for S3 clients.
type Part struct {
	Number int
	ETag   string
}

// longID is what R2 uses for uploads and parts.
func longID() string {
	var b [128]byte
	_, _ = rand.Read(b[:]) // never fails, by its contract
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// CreateUpload starts a multipart upload of key and returns its id. Of o only
// the metadata and the storage class count.
func (b *Bucket) CreateUpload(_ context.Context, key string, o PutOptions) (uploadID string, err error) {
	if err := checkKey(key); err != nil {
		return "", err
	}
	if err := checkCustom(o.Custom); err != nil {
		return "", err
	}
	m, err := encodeMeta(o.HTTP, o.Custom, Checksums{})
	if err != nil {
		return "", err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return "", err
	}
	id := longID()
	return id, b.db.Exec("INSERT INTO uploads (id, key, class, ssec, http, custom, created, open) VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
		id, key, cmp.Or(o.StorageClass, Standard), o.SSECKey.id(), m.http, m.custom, b.clock.Now().UnixMilli())
}

// upload is a multipart upload's row.
type upload struct {
	class, ssec, http, custom string
	open                      bool
}

// findUpload returns nil if key has no upload of that id.
func (b *Bucket) findUpload(key, id string) (u *upload, err error) {
	_, err = b.db.Row("SELECT class, ssec, http, custom, open FROM uploads WHERE id = ? AND key = ?", func(r *store.Stmt) {
		u = &upload{r.Text(0), r.Text(1), r.Text(2), r.Text(3), r.Int64(4) != 0}
	}, id, key)
	return u, err
}

// UploadPart stores part number of an upload, replacing an earlier one of the
// same number. size is as for Put; ssec must be the key the upload was created
// with.
func (b *Bucket) UploadPart(ctx context.Context, key, uploadID string, number int, r io.Reader, size int64, ssec SSECKey) (Part, error) {
	if err := checkKey(key); err != nil {
		return Part{}, err
	}
	if number < 1 || number > MaxParts {
		return Part{}, fmt.Errorf("r2: part number %d is not between 1 and %d", number, MaxParts)
	}
	var sums Checksums
	hashes := digests(&sums, &sums)
	c, err := b.receive(ctx, r, size, -1, hashes)
	if err != nil {
		return Part{}, err
	}
	part := Part{number, longID()}
	if err := b.commitPart(key, uploadID, part, c, hashes[0].hash.Sum(nil), ssec); err != nil {
		b.drop(c)
		return Part{}, err
	}
	return part, nil
}

func (b *Bucket) commitPart(key, uploadID string, part Part, c content, sum []byte, ssec SSECKey) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return err
	}
	var dead []string
	err := b.db.Tx(func() error {
		u, err := b.findUpload(key, uploadID)
		if err != nil {
			return err
		}
		if u == nil || !u.open {
			return ErrNoSuchUpload
		}
		if err := ssec.opens(u.ssec); err != nil {
			return err
		}
		if dead, err = b.deleteParts("upload = ? AND number = ?", uploadID, part.Number); err != nil {
			return err
		}
		return b.db.Exec("INSERT INTO parts (upload, number, blob, size, etag, md5) VALUES (?, ?, ?, ?, ?, ?)",
			uploadID, part.Number, c.blob, c.size, part.ETag, sum)
	})
	if err == nil {
		b.discard(dead)
	}
	return err
}

// storedPart is a part as the database knows it.
type storedPart struct {
	Part
	size int64
	md5  []byte
}

// CompleteUpload makes the given parts, in order of their numbers, the object
// at key.
func (b *Bucket) CompleteUpload(_ context.Context, key, uploadID string, parts []Part) (*Object, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return nil, err
	}
	var o *Object
	var dead []string
	err := b.db.Tx(func() (err error) {
		o, dead, err = b.complete(key, uploadID, parts)
		return err
	})
	if err != nil {
		return nil, err
	}
	b.discard(dead)
	return o, nil
}

// complete is the transaction of CompleteUpload; dead are files it lets go.
func (b *Bucket) complete(key, uploadID string, parts []Part) (o *Object, dead []string, err error) {
	u, err := b.findUpload(key, uploadID)
	switch {
	case err != nil:
		return nil, nil, err
	case u == nil:
		return nil, nil, ErrInternal // what the simulator says
	case !u.open:
		return nil, nil, ErrNoSuchUpload
	}
	chosen, err := b.choose(uploadID, parts)
	if err != nil {
		return nil, nil, err
	}
	if dead, err = b.detach(key); err != nil {
		return nil, nil, err
	}
	o = &Object{Key: key, Version: store.RandomID(), StorageClass: u.class, SSECKey: u.ssec}
	if err := json.Unmarshal([]byte(u.http), &o.HTTP); err != nil {
		return nil, nil, err
	}
	if err := json.Unmarshal([]byte(u.custom), &o.Custom); err != nil {
		return nil, nil, err
	}
	all := md5.New()
	wanted := map[int]bool{}
	for _, p := range chosen {
		o.Size += p.size
		all.Write(p.md5)
		wanted[p.Number] = true
	}
	o.ETag = fmt.Sprintf("%s-%d", hex.EncodeToString(all.Sum(nil)), len(chosen))
	unused, err := b.deleteUnused(uploadID, wanted)
	if err != nil {
		return nil, nil, err
	}
	if err := b.insert(o, content{}, uploadID); err != nil {
		return nil, nil, err
	}
	return o, append(dead, unused...), b.db.Exec("UPDATE uploads SET open = 0 WHERE id = ?", uploadID)
}

// choose looks the parts up and checks R2's rules: all parts but the last at
// least five mebibytes and of one size, the last no larger.
func (b *Bucket) choose(uploadID string, parts []Part) ([]storedPart, error) {
	stored := map[int]storedPart{}
	err := b.db.Rows("SELECT number, etag, size, md5 FROM parts WHERE upload = ?", func(r *store.Stmt) bool {
		n := int(r.Int64(0))
		stored[n] = storedPart{Part{n, r.Text(1)}, r.Int64(2), r.Blob(3)}
		return true
	}, uploadID)
	if err != nil {
		return nil, err
	}
	seen := map[int]bool{}
	for _, p := range parts {
		if seen[p.Number] {
			return nil, ErrInternal // what the simulator says
		}
		seen[p.Number] = true
	}
	var chosen []storedPart
	for _, p := range parts {
		if s, ok := stored[p.Number]; !ok || s.ETag != p.ETag && hex.EncodeToString(s.md5) != p.ETag {
			return nil, ErrInvalidPart
		}
		chosen = append(chosen, stored[p.Number])
	}
	// This first check is on the order given, as in the simulator.
	for _, p := range chosen[:max(len(chosen)-1, 0)] {
		if p.size < b.minPart {
			return nil, ErrEntityTooSmall
		}
	}
	slices.SortFunc(chosen, func(a, b storedPart) int { return cmp.Compare(a.Number, b.Number) })
	for i, p := range chosen {
		last := i == len(chosen)-1
		if first := chosen[0].size; !last && (p.size != first || p.size < b.minPart) || last && p.size > first {
			return nil, ErrBadUpload
		}
	}
	return chosen, nil
}

// deleteUnused deletes the parts of an upload that did not make it into the
// object.
func (b *Bucket) deleteUnused(uploadID string, wanted map[int]bool) (blobs []string, err error) {
	var unused []int64
	err = b.db.Rows("SELECT number FROM parts WHERE upload = ?", func(r *store.Stmt) bool {
		if !wanted[int(r.Int64(0))] {
			unused = append(unused, r.Int64(0))
		}
		return true
	}, uploadID)
	for _, n := range unused {
		var dead []string
		if err == nil {
			dead, err = b.deleteParts("upload = ? AND number = ?", uploadID, n)
			blobs = append(blobs, dead...)
		}
	}
	return blobs, err
}

// AbortUpload throws an upload and its parts away. Aborting a finished one does
// nothing.
func (b *Bucket) AbortUpload(_ context.Context, key, uploadID string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return err
	}
	var dead []string
	err := b.db.Tx(func() error {
		u, err := b.findUpload(key, uploadID)
		switch {
		case err != nil:
			return err
		case u == nil:
			return ErrInternal // what the simulator says
		case !u.open:
			return nil
		}
		if dead, err = b.deleteParts("upload = ?", uploadID); err != nil {
			return err
		}
		return b.db.Exec("UPDATE uploads SET open = 0 WHERE id = ?", uploadID)
	})
	if err == nil {
		b.discard(dead)
	}
	return err
}
