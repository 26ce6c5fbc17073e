package r2

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// imported is an object as wrangler stores it.
type imported struct {
	key, etag, checksums, http, custom string
	size, uploaded                     int64
	blobs                              []string // its content, in order
	sizes                              []int64
}

// Import adds the objects of a bucket that wrangler stored: its database and
// the folder of its contents. Keys that exist here are replaced. Versions are
// new; ETags, dates, checksums and metadata stay, and so do the parts of what
// was uploaded in parts. Unfinished uploads are left out.
func (b *Bucket) Import(ctx context.Context, database, blobs string, progress func(done, total int)) (copied int, err error) {
	list, err := readImported(database)
	if err != nil {
		return 0, err
	}
	for i, o := range list {
		progress(i, len(list))
		if err := b.importObject(ctx, o, blobs); err != nil {
			return copied, fmt.Errorf("object %q: %w", o.key, err)
		}
		copied++
	}
	return copied, nil
}

func readImported(database string) (list []*imported, err error) {
	db, err := store.Open(database, store.Options{MustExist: true, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.Rows("SELECT key, coalesce(blob_id, ''), size, etag, uploaded, checksums, http_metadata, custom_metadata FROM _mf_objects ORDER BY key", func(r *store.Stmt) bool {
		o := &imported{key: r.Text(0), size: r.Int64(2), etag: r.Text(3), uploaded: r.Int64(4), checksums: r.Text(5), http: r.Text(6), custom: r.Text(7)}
		if blob := r.Text(1); blob != "" {
			o.blobs, o.sizes = []string{blob}, []int64{o.size}
		}
		list = append(list, o)
		return true
	})
	for _, o := range list {
		if err != nil || o.blobs != nil {
			continue
		}
		err = db.Rows("SELECT blob_id, size FROM _mf_multipart_parts WHERE object_key = ? ORDER BY part_number", func(r *store.Stmt) bool {
			o.blobs, o.sizes = append(o.blobs, r.Text(0)), append(o.sizes, r.Int64(1))
			return true
		}, o.key)
	}
	return list, err
}

func (b *Bucket) importObject(ctx context.Context, o *imported, dir string) error {
	opts, err := o.options()
	if err != nil {
		return err
	}
	upload := strings.Contains(o.etag, "-") // an ETag of parts tells their number
	if !upload && len(o.blobs) == 1 {
		f, err := os.Open(filepath.Join(dir, filepath.Base(o.blobs[0])))
		if err != nil {
			return err
		}
		defer f.Close()
		stored, err := b.Put(ctx, o.key, f, o.size, opts)
		if err != nil {
			return err
		}
		return b.restamp(stored, o)
	}
	return b.importParts(ctx, o, opts, dir)
}

func (b *Bucket) importParts(ctx context.Context, o *imported, opts PutOptions, dir string) error {
	id, err := b.CreateUpload(ctx, o.key, opts)
	if err != nil {
		return err
	}
	var parts []Part
	for i, blob := range o.blobs {
		p, err := b.importPart(ctx, o, id, i+1, filepath.Join(dir, filepath.Base(blob)))
		if err != nil {
			return err
		}
		parts = append(parts, p)
	}
	stored, err := b.CompleteUpload(ctx, o.key, id, parts)
	if err != nil {
		return err
	}
	return b.restamp(stored, o)
}

func (b *Bucket) importPart(ctx context.Context, o *imported, id string, number int, path string) (Part, error) {
	f, err := os.Open(path)
	if err != nil {
		return Part{}, err
	}
	defer f.Close()
	return b.UploadPart(ctx, o.key, id, number, io.Reader(f), o.sizes[number-1], nil)
}

// options are the metadata and checksums, from wrangler's JSON.
func (o *imported) options() (opts PutOptions, err error) {
	var sums map[string]string
	var http struct {
		ContentType, ContentLanguage, ContentDisposition, ContentEncoding, CacheControl string
		CacheExpiry                                                                     int64 // milliseconds since 1970
	}
	var custom map[string]string
	if err := errors.Join(json.Unmarshal([]byte(o.checksums), &sums), json.Unmarshal([]byte(o.http), &http), json.Unmarshal([]byte(o.custom), &custom)); err != nil {
		return opts, err
	}
	opts.HTTP = HTTPMetadata{
		ContentType: http.ContentType, ContentLanguage: http.ContentLanguage, ContentDisposition: http.ContentDisposition,
		ContentEncoding: http.ContentEncoding, CacheControl: http.CacheControl,
	}
	if http.CacheExpiry != 0 {
		opts.HTTP.CacheExpiry = time.UnixMilli(http.CacheExpiry).UTC()
	}
	for k, v := range custom {
		opts.Custom = append(opts.Custom, Pair{k, v})
	}
	slices.SortFunc(opts.Custom, func(a, b Pair) int { return strings.Compare(a.Key, b.Key) })
	for name, to := range map[string]*[]byte{
		"md5": &opts.Checksums.MD5, "sha1": &opts.Checksums.SHA1, "sha256": &opts.Checksums.SHA256, "sha384": &opts.Checksums.SHA384, "sha512": &opts.Checksums.SHA512,
	} {
		if *to, err = hex.DecodeString(sums[name]); err != nil {
			return opts, err
		}
		if len(*to) == 0 {
			*to = nil
		}
	}
	return opts, nil
}

// restamp gives a stored object the date, and for an upload the ETag, it had.
func (b *Bucket) restamp(stored *Object, o *imported) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return err
	}
	return b.db.Exec("UPDATE objects SET uploaded = ?, etag = ? WHERE key = ? AND version = ?", o.uploaded, o.etag, o.key, stored.Version)
}
