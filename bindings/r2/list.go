package r2

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// ListOptions choose what List returns.
type ListOptions struct {
	Prefix     string
	Delimiter  string // "" for none
	StartAfter string // "" for none
	Cursor     string // of the page before, "" for the first
	Limit      *int   // nil means MaxListKeys; negative means so too, as in the simulator
	// IncludeHTTP and IncludeCustom fill in metadata, which shortens pages to
	// 100 entries.
	IncludeHTTP, IncludeCustom bool
}

// Listing is one page of List.
type Listing struct {
	Objects   []*Object
	Prefixes  []string // keys folded at the delimiter
	Truncated bool
	Cursor    string // set if Truncated
}

// List returns a page of objects in the order of their keys' bytes. Objects and
// folded prefixes count alike towards the limit.
func (b *Bucket) List(_ context.Context, o ListOptions) (*Listing, error) {
	limit, err := o.limit()
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.use(); err != nil {
		return nil, err
	}
	page := &Listing{}
	after, ok := o.after()
	from, inclusive := max(after, o.Prefix), !ok || after < o.Prefix
	for {
		left := limit - len(page.Objects) - len(page.Prefixes)
		group, last, more, err := b.scan(page, o, from, inclusive, left)
		if err != nil {
			return nil, err
		}
		if group != "" {
			if last, err = b.lastWith(group); err != nil {
				return nil, err
			}
			page.Prefixes = append(page.Prefixes, group)
		}
		switch {
		case !more:
			return page, nil
		case len(page.Objects)+len(page.Prefixes) == limit:
			return page, b.truncate(page, o.Prefix, last)
		}
		from, inclusive = last, false
	}
}

func (o *ListOptions) limit() (int, error) {
	limit := MaxListKeys
	if o.Limit != nil && *o.Limit >= 0 {
		limit = *o.Limit
	}
	if limit < 1 || limit > MaxListKeys {
		return 0, ErrInvalidMaxKeys
	}
	if o.IncludeHTTP || o.IncludeCustom {
		limit = min(limit, 100)
	}
	return limit, nil
}

// after is the key the page starts behind, if any. A cursor that we never gave
// out counts as none.
func (o *ListOptions) after() (string, bool) {
	text, err := base64.StdEncoding.DecodeString(o.Cursor)
	key, ok := strings.CutPrefix(string(text), cursorMark)
	if err != nil || !ok {
		return o.StartAfter, o.StartAfter != ""
	}
	return max(o.StartAfter, key), true
}

// cursorMark precedes the last key of a page in its cursor, so that no cursor
// is empty: the empty key is a key.
const cursorMark = "k"

const (
	scanFrom  = "SELECT " + objectColumns + " FROM objects WHERE key >= ? ORDER BY key LIMIT ?"
	scanAfter = "SELECT " + objectColumns + " FROM objects WHERE key > ? ORDER BY key LIMIT ?"
)

// scan adds up to left objects to page, beginning at or behind from. It stops
// early at a key to fold and returns the group it belongs to. last is the last
// key added; more is false if the prefix is exhausted.
func (b *Bucket) scan(page *Listing, o ListOptions, from string, inclusive bool, left int) (group, last string, more bool, err error) {
	query := scanAfter
	if inclusive {
		query = scanFrom
	}
	dbErr := b.db.Rows(query, func(r *store.Stmt) bool {
		key := r.Text(0)
		if !strings.HasPrefix(key, o.Prefix) {
			more = false
			return false
		}
		if o.Delimiter != "" {
			if i := strings.Index(key[len(o.Prefix):], o.Delimiter); i >= 0 {
				group, more = key[:len(o.Prefix)+i+len(o.Delimiter)], true
				return false
			}
		}
		var obj *Object
		if obj, err = readObject(r); err != nil {
			return false
		}
		if !o.IncludeHTTP {
			obj.HTTP = HTTPMetadata{}
		}
		if !o.IncludeCustom {
			obj.Custom = nil
		}
		page.Objects = append(page.Objects, obj)
		last, more = key, true
		return true
	}, from, left)
	if err == nil {
		err = dbErr
	}
	return group, last, more, err
}

// lastWith is the last key that starts with prefix.
func (b *Bucket) lastWith(prefix string) (last string, err error) {
	query, args := "SELECT key FROM objects ORDER BY key DESC LIMIT 1", []any(nil)
	if end, ok := prefixEnd(prefix); ok {
		query, args = "SELECT key FROM objects WHERE key < ? ORDER BY key DESC LIMIT 1", []any{end}
	}
	_, err = b.db.Row(query, func(r *store.Stmt) { last = r.Text(0) }, args...)
	return last, err
}

// prefixEnd is the least text greater than every text that starts with prefix.
func prefixEnd(prefix string) (string, bool) {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 0xff {
			b[i]++
			return string(b[:i+1]), true
		}
	}
	return "", false
}

// truncate sets the cursor of a full page if there is anything behind last.
func (b *Bucket) truncate(page *Listing, prefix, last string) error {
	more := false
	_, err := b.db.Row("SELECT key FROM objects WHERE key > ? ORDER BY key LIMIT 1", func(r *store.Stmt) {
		more = strings.HasPrefix(r.Text(0), prefix)
	}, last)
	if more {
		page.Truncated = true
		page.Cursor = base64.StdEncoding.EncodeToString([]byte(cursorMark + last))
	}
	return err
}
