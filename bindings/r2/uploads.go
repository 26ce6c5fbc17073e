package r2

import (
	"context"
	"time"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// Upload is an unfinished multipart upload.
type Upload struct {
	Key, ID, StorageClass string
	Created               time.Time
}

// Uploads lists up to limit unfinished uploads of keys that start with prefix,
// by key and id, behind afterKey and afterID.
func (b *Bucket) Uploads(_ context.Context, prefix, afterKey, afterID string, limit int) (list []Upload, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return nil, err
	}
	end, bounded := prefixEnd(prefix)
	err = b.db.Rows(`SELECT key, id, class, created FROM uploads
		WHERE open AND key >= ? AND (? OR key < ?) AND (key, id) > (?, ?) ORDER BY key, id LIMIT ?`, func(r *store.Stmt) bool {
		list = append(list, Upload{r.Text(0), r.Text(1), r.Text(2), time.UnixMilli(r.Int64(3)).UTC()})
		return true
	}, prefix, !bounded, end, afterKey, afterID, limit)
	return list, err
}

// UploadedPart is a part of an unfinished upload, or of an object made by one.
type UploadedPart struct {
	Number int
	Size   int64
	MD5    []byte
}

// Parts lists up to limit parts of an unfinished upload whose numbers are
// greater than after.
func (b *Bucket) Parts(_ context.Context, key, uploadID string, after, limit int) ([]UploadedPart, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return nil, err
	}
	u, err := b.findUpload(key, uploadID)
	if err != nil {
		return nil, err
	}
	if u == nil || !u.open {
		return nil, ErrNoSuchUpload
	}
	return b.listParts(uploadID, after, limit)
}

// ObjectParts are the parts the object at key was uploaded in, none if it was
// put as a whole or there is none.
func (b *Bucket) ObjectParts(_ context.Context, key string) ([]UploadedPart, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return nil, err
	}
	upload := ""
	_, err := b.db.Row("SELECT upload FROM objects WHERE key = ?", func(r *store.Stmt) { upload = r.Text(0) }, key)
	if err != nil || upload == "" {
		return nil, err
	}
	return b.listParts(upload, 0, MaxParts)
}

func (b *Bucket) listParts(uploadID string, after, limit int) (list []UploadedPart, err error) {
	err = b.db.Rows("SELECT number, size, md5 FROM parts WHERE upload = ? AND number > ? ORDER BY number LIMIT ?", func(r *store.Stmt) bool {
		list = append(list, UploadedPart{int(r.Int64(0)), r.Int64(1), r.Blob(2)})
		return true
	}, uploadID, after, limit)
	return list, err
}
