package r2

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/clock"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

var start = time.Date(2026, 5, 1, 12, 0, 0, 500e6, time.UTC)

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func newBucket(tb testing.TB) *Bucket {
	tb.Helper()
	b := Open(filepath.Join(tb.TempDir(), "bucket"), clock.NewFake(start))
	tb.Cleanup(func() { must(tb, b.Close()) })
	return b
}

func put(tb testing.TB, b *Bucket, key, value string) *Object {
	tb.Helper()
	o, err := b.Put(ctx, key, strings.NewReader(value), int64(len(value)), PutOptions{})
	must(tb, err)
	return o
}

// get returns the content, "<none>" or "<unmet>".
func get(tb testing.TB, b *Bucket, key string, o GetOptions) string {
	tb.Helper()
	obj, body, err := b.Get(ctx, key, o)
	switch {
	case err != nil:
		return err.Error()
	case obj == nil:
		return "<none>"
	case body == nil:
		return "<unmet>"
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	must(tb, err)
	if int64(len(text)) != body.Len() || obj.Range.Length != body.Len() {
		tb.Errorf("%s: %d bytes came, Len is %d, Range %v", key, len(text), body.Len(), *obj.Range)
	}
	return string(text)
}

func TestPutGetHeadDelete(t *testing.T) {
	b := newBucket(t)
	sum := sha256.Sum256([]byte("hello"))
	in := PutOptions{
		HTTP:         HTTPMetadata{ContentType: "text/plain", CacheExpiry: time.UnixMilli(5000).UTC()},
		Custom:       []Pair{{"z", "1"}, {"a", "2"}},
		Checksums:    Checksums{SHA256: sum[:]},
		StorageClass: InfrequentAccess,
	}
	o, err := b.Put(ctx, "a", strings.NewReader("hello"), 5, in)
	must(t, err)
	md5, _ := hex.DecodeString("5d41402abc4b2a76b9719d911017c592")
	want := &Object{
		Key: "a", Version: o.Version, Size: 5, ETag: "5d41402abc4b2a76b9719d911017c592", Uploaded: start,
		HTTP: in.HTTP, Custom: in.Custom, Checksums: Checksums{MD5: md5, SHA256: sum[:]}, StorageClass: InfrequentAccess,
	}
	if !reflect.DeepEqual(o, want) || len(o.Version) != 32 {
		t.Errorf("put: %+v", o)
	}
	want.Range = &Span{0, 5}
	if o, err := b.Head(ctx, "a"); err != nil || !reflect.DeepEqual(o, want) {
		t.Errorf("head: %+v %v", o, err)
	}
	if o.HTTPETag() != `"5d41402abc4b2a76b9719d911017c592"` {
		t.Error(o.HTTPETag())
	}
	if got := get(t, b, "a", GetOptions{}); got != "hello" {
		t.Errorf("get: %s", got)
	}
	if o := put(t, b, "plain", ""); o.StorageClass != Standard || o.Size != 0 {
		t.Errorf("%+v", o)
	}
	must(t, b.Delete(ctx, "a", "nothing", "plain"))
	o, err = b.Head(ctx, "a")
	if o != nil || err != nil || get(t, b, "plain", GetOptions{}) != "<none>" {
		t.Error("deleted object is there", o, err)
	}
}

func TestRefusals(t *testing.T) {
	b := newBucket(t)
	b.minPart = 50
	put(t, b, "a", "hello")
	long := strings.Repeat("k", 1025)
	n := func(i int64) *int64 { return &i }
	limit := func(i int) *int { return &i }
	custom := func(v string) PutOptions { return PutOptions{Custom: []Pair{{"k", v}}} }
	putWith := func(key string, o PutOptions) error {
		_, err := b.Put(ctx, key, strings.NewReader("x"), 1, o)
		return err
	}
	getRange := func(r Range) error { _, _, err := b.Get(ctx, "a", GetOptions{Range: &r}); return err }
	list := func(n int) error { _, err := b.List(ctx, ListOptions{Limit: limit(n)}); return err }
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"long key put", putWith(long, PutOptions{}), "The specified object name is not valid. (10020)"},
		{"long key get", func() error { _, _, err := b.Get(ctx, long, GetOptions{}); return err }(), "The specified object name is not valid. (10020)"},
		{"long key delete", b.Delete(ctx, long), "The specified object name is not valid. (10020)"},
		{"metadata", putWith("b", custom(strings.Repeat("v", MaxMetadataSize))), "Your metadata headers exceed the maximum allowed metadata size. (10012)"},
		{"metadata fits", putWith("b", custom(strings.Repeat("v", 2047))), ""},
		{"latin1 metadata fits", putWith("b", custom(strings.Repeat("é", 2047))), ""},
		{"wide metadata", putWith("b", custom(strings.Repeat("€", MaxMetadataSize/2))), "Your metadata headers exceed the maximum allowed metadata size. (10012)"},
		{"bad md5", putWith("b", PutOptions{Checksums: Checksums{MD5: make([]byte, 16)}}),
			"The MD5 checksum you specified did not match what we received.\nYou provided a MD5 checksum with value: 00000000000000000000000000000000\nActual MD5 was: 9dd4e461268c8034f5c8564e155c67a6 (10037)"},
		{"bad sha1", putWith("b", PutOptions{Checksums: Checksums{SHA1: make([]byte, 20)}}),
			"The SHA-1 checksum you specified did not match what we received.\nYou provided a SHA-1 checksum with value: 0000000000000000000000000000000000000000\nActual SHA-1 was: 11f6ad8ec52a2984abaafd7c3b516503785c2072 (10037)"},
		{"offset at end", getRange(Range{Offset: n(5)}), "The requested range is not satisfiable (10039)"},
		{"offset beyond", getRange(Range{Offset: n(6)}), "The requested range is not satisfiable (10039)"},
		{"length 0", getRange(Range{Offset: n(1), Length: n(0)}), "The requested range is not satisfiable (10039)"},
		{"suffix 0", getRange(Range{Suffix: n(0)}), "The requested range is not satisfiable (10039)"},
		{"list 0", list(0), "MaxKeys params must be positive integer <= 1000. (10022)"},
		{"list 1001", list(1001), "MaxKeys params must be positive integer <= 1000. (10022)"},
		{"list -1", list(-1), ""},
		{"part 0", func() error { _, err := b.UploadPart(ctx, "a", "x", 0, nil, 0, nil); return err }(), "r2: part number 0 is not between 1 and 10000"},
		{"no such upload", func() error { _, err := b.UploadPart(ctx, "a", "x", 1, strings.NewReader("x"), 1, nil); return err }(), "The specified multipart upload does not exist. (10024)"},
		{"complete nothing", func() error { _, err := b.CompleteUpload(ctx, "a", "x", nil); return err }(), "We encountered an internal error. Please try again. (10001)"},
		{"abort nothing", b.AbortUpload(ctx, "a", "x"), "We encountered an internal error. Please try again. (10001)"},
	} {
		got := ""
		if c.err != nil {
			got = c.err.Error()
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if got := ErrInvalidRange.Text("get"); got != "get: The requested range is not satisfiable (10039)" {
		t.Error(got)
	}
	if _, err := b.Put(ctx, "huge", nil, MaxValueSize+1, PutOptions{}); !errors.Is(err, ErrEntityTooLarge) {
		t.Error(err)
	}
}

// sizes around every way contents are kept.
var sizes = []int{0, 1, 1000, maxInline, maxInline + 1, 300_000}

func pattern(n int) string { return strings.Repeat("0123456789abcdefghijklmnopqrstuvw", n/33+1)[:n] }

func TestRanges(t *testing.T) {
	b := newBucket(t)
	n := func(i int) *int64 { v := int64(i); return &v }
	for _, size := range sizes[1:] {
		text := pattern(size)
		put(t, b, "k", text)
		for _, c := range []struct {
			o    GetOptions
			want string
		}{
			{GetOptions{Range: &Range{}}, text},
			{GetOptions{Range: &Range{Offset: n(size - 1)}}, text[size-1:]},
			{GetOptions{Range: &Range{Offset: n(size / 2), Length: n(size * 2)}}, text[size/2:]},
			{GetOptions{Range: &Range{Length: n(1)}}, text[:1]},
			{GetOptions{Range: &Range{Suffix: n(1)}}, text[size-1:]},
			{GetOptions{Range: &Range{Suffix: n(size * 3)}}, text},
			{GetOptions{RangeHeader: "bytes=0-0"}, text[:1]},
			{GetOptions{RangeHeader: "bytes=-1"}, text[size-1:]},
			{GetOptions{RangeHeader: "Bytes = 0-"}, text},
			{GetOptions{RangeHeader: fmt.Sprintf("bytes=%d-", size)}, text},
			{GetOptions{RangeHeader: "bytes=0-0,0-0"}, text},
			{GetOptions{RangeHeader: "bytes=5-2"}, text},
			{GetOptions{RangeHeader: "lines=1-2"}, text},
			{GetOptions{RangeHeader: "bytes=--1"}, text},
		} {
			if got := get(t, b, "k", c.o); got != c.want {
				t.Errorf("size %d, %+v: got %d bytes, want %d", size, c.o, len(got), len(c.want))
			}
		}
	}
}

func TestWriteTo(t *testing.T) {
	b := newBucket(t)
	for _, size := range sizes {
		put(t, b, "k", pattern(size))
		_, body, err := b.Get(ctx, "k", GetOptions{})
		must(t, err)
		var buf bytes.Buffer
		n, err := body.WriteTo(&buf)
		must(t, err)
		if n != int64(size) || buf.String() != pattern(size) {
			t.Errorf("size %d: wrote %d", size, n)
		}
		must(t, body.Close())
		must(t, body.Close())
	}
}

func TestConditions(t *testing.T) {
	b := newBucket(t)
	etag := put(t, b, "k", "x").ETag
	tag := func(v string) []ETag { return []ETag{{Value: v}} }
	second := start.Truncate(time.Second)
	for _, c := range []struct {
		name string
		c    Condition
		want bool
	}{
		{"none", Condition{}, true},
		{"match", Condition{Match: tag(etag)}, true},
		{"match other", Condition{Match: tag("no")}, false},
		{"match one of", Condition{Match: []ETag{{Value: "no"}, {Value: etag}}}, true},
		{"match weak", Condition{Match: []ETag{{Value: etag, Weak: true}}}, false},
		{"match any", Condition{Match: []ETag{{Wildcard: true}}}, true},
		{"match empty list", Condition{Match: []ETag{}}, false},
		{"none-match", Condition{NoneMatch: tag(etag)}, false},
		{"none-match weak", Condition{NoneMatch: []ETag{{Value: etag, Weak: true}}}, false},
		{"none-match other", Condition{NoneMatch: tag("no")}, true},
		{"none-match any", Condition{NoneMatch: []ETag{{Wildcard: true}}}, false},
		{"before", Condition{UploadedBefore: start.Add(time.Millisecond)}, true},
		{"before itself", Condition{UploadedBefore: start}, false},
		{"after", Condition{UploadedAfter: second}, true},
		{"after, seconds", Condition{UploadedAfter: second, SecondsGranularity: true}, false},
		{"after itself", Condition{UploadedAfter: start}, false},
		{"before outweighed by match", Condition{UploadedBefore: second, Match: tag(etag)}, true},
		{"after outweighed by none-match", Condition{UploadedAfter: start, NoneMatch: tag("no")}, true},
	} {
		got := get(t, b, "k", GetOptions{OnlyIf: &c.c})
		if want := map[bool]string{true: "x", false: "<unmet>"}[c.want]; got != want {
			t.Errorf("get %s: %s", c.name, got)
		}
		o, err := b.Put(ctx, "k", strings.NewReader("x"), 1, PutOptions{OnlyIf: &c.c})
		if err != nil || (o != nil) != c.want {
			t.Errorf("put %s: %v %v", c.name, o, err)
		}
	}
	for cond, want := range map[*Condition]bool{
		{NoneMatch: []ETag{{Wildcard: true}}}: true,
		{UploadedBefore: start}:               true,
		{Match: []ETag{{Wildcard: true}}}:     false,
		{UploadedAfter: start}:                false,
	} {
		o, err := b.Put(ctx, "new", strings.NewReader(pattern(maxInline*2)), -1, PutOptions{OnlyIf: cond})
		if err != nil || (o != nil) != want {
			t.Errorf("put of a new key with %+v: %v %v", cond, o, err)
		}
		must(t, b.Delete(ctx, "new"))
	}
	if left := blobs(t, b); len(left) != 0 {
		t.Errorf("files left: %v", left)
	}
}

func blobs(tb testing.TB, b *Bucket) (names []string) {
	tb.Helper()
	entries, err := os.ReadDir(filepath.Join(b.dir, "blobs"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		tb.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestBrokenUploads(t *testing.T) {
	b := newBucket(t)
	for _, size := range sizes {
		put(t, b, "k", "old")
		if size > 0 {
			if _, err := b.Put(ctx, "k", strings.NewReader(pattern(size-1)), int64(size), PutOptions{}); err == nil {
				t.Errorf("short content of %d accepted", size)
			}
		}
		boom := errors.New("boom")
		broken := io.MultiReader(strings.NewReader(pattern(size)), errReader{boom})
		if _, err := b.Put(ctx, "k", broken, int64(size)+1, PutOptions{}); !errors.Is(err, boom) {
			t.Errorf("broken content of %d: %v", size, err)
		}
		if got := get(t, b, "k", GetOptions{}); got != "old" {
			t.Errorf("failed put of %d left %d bytes", size, len(got))
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := b.Put(cancelled, "k", strings.NewReader(pattern(100_000)), -1, PutOptions{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if left := blobs(t, b); len(left) != 0 {
		t.Errorf("files left: %v", left)
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func TestOpenBodyOutlivesItsObject(t *testing.T) {
	b := newBucket(t)
	b.minPart = 1
	for _, size := range sizes {
		text := pattern(size)
		put(t, b, "single", text)
		id, err := b.CreateUpload(ctx, "multi", PutOptions{})
		must(t, err)
		var parts []Part
		for i := range 3 {
			p, err := b.UploadPart(ctx, "multi", id, i+1, strings.NewReader(text), int64(size), nil)
			must(t, err)
			parts = append(parts, p)
		}
		if size > 0 {
			_, err = b.CompleteUpload(ctx, "multi", id, parts)
			must(t, err)
		} else {
			put(t, b, "multi", "")
			must(t, b.AbortUpload(ctx, "multi", id))
		}
		_, one, err := b.Get(ctx, "single", GetOptions{})
		must(t, err)
		_, many, err := b.Get(ctx, "multi", GetOptions{})
		must(t, err)
		put(t, b, "single", "new")
		must(t, b.Delete(ctx, "multi"))
		if got, err := io.ReadAll(one); string(got) != text || err != nil {
			t.Errorf("size %d: %d bytes, %v", size, len(got), err)
		}
		if got, err := io.ReadAll(many); string(got) != text+text+text || err != nil {
			t.Errorf("size %d: %d bytes, %v", size, len(got), err)
		}
		must(t, errors.Join(one.Close(), many.Close()))
		if left := blobs(t, b); len(left) != 0 {
			t.Errorf("size %d: files left: %v", size, left)
		}
	}
}

func keysOf(l *Listing, err error) string {
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, o := range l.Objects {
		out = append(out, o.Key)
	}
	return strings.Join(out, " ") + " | " + strings.Join(l.Prefixes, " ")
}

func TestList(t *testing.T) {
	b := newBucket(t)
	for _, k := range []string{"", "a", "a/1", "a/2", "a/b/3", "b", "b/1", "c", "é", "\uFFFD", "😀"} {
		put(t, b, k, "x")
	}
	for _, c := range []struct {
		o    ListOptions
		want string
	}{
		{ListOptions{}, " a a/1 a/2 a/b/3 b b/1 c é \uFFFD 😀 | "},
		{ListOptions{Prefix: "a"}, "a a/1 a/2 a/b/3 | "},
		{ListOptions{Prefix: "a/"}, "a/1 a/2 a/b/3 | "},
		{ListOptions{Prefix: "zzz"}, " | "},
		{ListOptions{Delimiter: "/"}, " a b c é \uFFFD 😀 | a/ b/"},
		{ListOptions{Prefix: "a/", Delimiter: "/"}, "a/1 a/2 | a/b/"},
		{ListOptions{Prefix: "a", Delimiter: "a"}, "a a/1 a/2 a/b/3 | "},
		{ListOptions{StartAfter: "a/2"}, "a/b/3 b b/1 c é \uFFFD 😀 | "},
		{ListOptions{StartAfter: "a/2", Delimiter: "/"}, "b c é \uFFFD 😀 | a/ b/"},
		{ListOptions{StartAfter: "a", Prefix: "b"}, "b b/1 | "},
		{ListOptions{Cursor: "!!!", Prefix: "b"}, "b b/1 | "},
	} {
		if got := keysOf(b.List(ctx, c.o)); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.o, got, c.want)
		}
		// Page by page, the same comes out.
		for limit := range 4 {
			limit++
			o, all := c.o, &Listing{}
			o.Limit = &limit
			for pages := 0; ; pages++ {
				page, err := b.List(ctx, o)
				must(t, err)
				n := len(page.Objects) + len(page.Prefixes)
				if n > limit || n == 0 && pages > 0 || page.Truncated != (page.Cursor != "") || pages > 20 {
					t.Fatalf("%+v: page %d of limit %d: %+v", o, pages, limit, page)
				}
				all.Objects = append(all.Objects, page.Objects...)
				all.Prefixes = append(all.Prefixes, page.Prefixes...)
				if !page.Truncated {
					break
				}
				o.Cursor = page.Cursor
			}
			if got := keysOf(all, nil); got != c.want {
				t.Errorf("%+v by %d: got %q, want %q", c.o, limit, got, c.want)
			}
		}
	}
}

func TestListInclude(t *testing.T) {
	b := newBucket(t)
	o := PutOptions{HTTP: HTTPMetadata{ContentType: "x"}, Custom: []Pair{{"a", "b"}}}
	for i := range 150 {
		_, err := b.Put(ctx, fmt.Sprintf("%03d", i), strings.NewReader(""), 0, o)
		must(t, err)
	}
	for _, c := range []struct {
		http, custom bool
		count        int
	}{{false, false, 150}, {true, false, 100}, {false, true, 100}, {true, true, 100}} {
		l, err := b.List(ctx, ListOptions{IncludeHTTP: c.http, IncludeCustom: c.custom})
		must(t, err)
		first := l.Objects[0]
		if len(l.Objects) != c.count || (first.HTTP.ContentType != "") != c.http || (first.Custom != nil) != c.custom {
			t.Errorf("%+v: %d, %+v", c, len(l.Objects), first)
		}
	}
}

func TestMultipart(t *testing.T) {
	b := newBucket(t)
	b.minPart = 50
	meta := PutOptions{HTTP: HTTPMetadata{ContentType: "t"}, Custom: []Pair{{"a", "b"}}, StorageClass: InfrequentAccess}
	full, short := pattern(60), pattern(10)
	for _, c := range []struct {
		name  string
		parts []string // uploaded as 1, 2, …
		order []int    // completed in this order
		want  error
	}{
		{"one", []string{short}, []int{1}, nil},
		{"two", []string{full, short}, []int{1, 2}, nil},
		{"three even", []string{full, full, full}, []int{1, 2, 3}, nil},
		{"none", nil, nil, nil},
		{"some", []string{full, full, short}, []int{1, 3}, nil},
		{"reverse even", []string{full, full}, []int{2, 1}, nil},
		{"small first", []string{short, full}, []int{1, 2}, ErrEntityTooSmall},
		{"short listed first", []string{full, short}, []int{2, 1}, ErrEntityTooSmall},
		{"uneven", []string{full, full + "x", full}, []int{1, 2, 3}, ErrBadUpload},
		{"last larger", []string{full, full + "x"}, []int{1, 2}, ErrBadUpload},
		{"missing", []string{full}, []int{1, 2}, ErrInvalidPart},
		{"twice", []string{full}, []int{1, 1}, ErrInternal},
	} {
		id, err := b.CreateUpload(ctx, "m", meta)
		must(t, err)
		parts := map[int]Part{}
		for i, text := range c.parts {
			_, err := b.UploadPart(ctx, "m", id, i+1, strings.NewReader("replaced below"), -1, nil)
			must(t, err)
			parts[i+1], err = b.UploadPart(ctx, "m", id, i+1, strings.NewReader(text), -1, nil)
			must(t, err)
		}
		var chosen []Part
		for _, n := range c.order {
			chosen = append(chosen, Part{n, parts[n].ETag})
		}
		o, err := b.CompleteUpload(ctx, "m", id, chosen)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
		if c.want != nil {
			must(t, b.AbortUpload(ctx, "m", id))
			must(t, b.AbortUpload(ctx, "m", id))
			continue
		}
		var want string
		for n, text := range c.parts {
			for _, chosen := range c.order {
				if chosen == n+1 {
					want += text
				}
			}
		}
		if got := get(t, b, "m", GetOptions{}); got != want || o.Size != int64(len(want)) {
			t.Errorf("%s: %q", c.name, got)
		}
		if !strings.HasSuffix(o.ETag, fmt.Sprintf("-%d", len(c.order))) || !reflect.DeepEqual(o.Custom, meta.Custom) ||
			o.HTTP != meta.HTTP || o.StorageClass != InfrequentAccess || o.Checksums.MD5 != nil {
			t.Errorf("%s: %+v", c.name, o)
		}
		if _, err := b.CompleteUpload(ctx, "m", id, chosen); !errors.Is(err, ErrNoSuchUpload) {
			t.Errorf("%s: completed twice: %v", c.name, err)
		}
		if got := get(t, b, "m", GetOptions{RangeHeader: "bytes=55-64"}); len(want) > 65 && got != want[55:65] {
			t.Errorf("%s: range across parts: %q", c.name, got)
		}
	}
	if o, err := b.Head(ctx, "m"); err != nil || o == nil {
		t.Fatal(o, err)
	}
	must(t, b.Delete(ctx, "m"))
	if left := blobs(t, b); len(left) != 0 {
		t.Errorf("files left: %v", left)
	}
}

// The etag as computed by the simulator for the single part "hello".
func TestMultipartETag(t *testing.T) {
	b := newBucket(t)
	id, err := b.CreateUpload(ctx, "m", PutOptions{})
	must(t, err)
	p, err := b.UploadPart(ctx, "m", id, 1, strings.NewReader("hello"), 5, nil)
	must(t, err)
	o, err := b.CompleteUpload(ctx, "m", id, []Part{p})
	must(t, err)
	if o.ETag != "62109206880d38a4010a98e11243924a-1" || len(id) != 171 || len(p.ETag) != 171 {
		t.Fatal(o.ETag, id, p.ETag)
	}
}

func TestReopenSweeps(t *testing.T) {
	dir := t.TempDir()
	clk := clock.NewFake(start)
	b := Open(dir, clk)
	put(t, b, "small", "x")
	put(t, b, "large", pattern(100_000))
	id, err := b.CreateUpload(ctx, "m", PutOptions{})
	must(t, err)
	_, err = b.UploadPart(ctx, "m", id, 1, strings.NewReader("part"), 4, nil)
	must(t, err)
	must(t, b.Close())
	if _, err := b.Head(ctx, "small"); !errors.Is(err, errClosed) {
		t.Error(err)
	}
	// What a crash leaves: no clean mark, a torn file, an orphan.
	b = Open(dir, clk)
	must(t, b.soil())
	must(t, b.db.Close())
	for _, name := range []string{"orphan", "torn.tmp"} {
		must(t, os.WriteFile(filepath.Join(dir, "blobs", name), []byte("x"), 0o644))
	}
	for round, want := range []int{2, 1} {
		b = Open(dir, clk)
		if get(t, b, "small", GetOptions{}) != "x" || get(t, b, "large", GetOptions{}) != pattern(100_000) {
			t.Error("content changed")
		}
		if left := blobs(t, b); len(left) != want {
			t.Errorf("round %d: files %v", round, left)
		}
		must(t, b.soil())
		must(t, b.db.Close())
		clk.Advance(8 * 24 * time.Hour) // the unfinished upload ends
	}
}

func TestConcurrentVersionsAreWhole(t *testing.T) {
	b := newBucket(t)
	version := func(i int) string { return strings.Repeat(fmt.Sprintf("%04d", i), 10+i*700) }
	put(t, b, "k", version(0))
	stop := make(chan struct{})
	var readers, writers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				_, body, err := b.Get(ctx, "k", GetOptions{})
				if err != nil {
					t.Error(err)
					return
				}
				text, err := io.ReadAll(body)
				_ = body.Close()
				var i int
				if _, scan := fmt.Sscanf(string(text[:4]), "%d", &i); err != nil || scan != nil || string(text) != version(i) {
					t.Errorf("torn read of %d bytes: %v", len(text), err)
					return
				}
			}
		})
	}
	for w := range 3 {
		writers.Go(func() {
			for i := range 40 {
				text := version((i*3 + w) % 20)
				if _, err := b.Put(ctx, "k", strings.NewReader(text), int64(len(text)), PutOptions{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	close(stop)
	readers.Wait()
	if left := blobs(t, b); len(left) > 1 {
		t.Errorf("files left: %d", len(left))
	}
}

func FuzzRangeHeader(f *testing.F) {
	for _, s := range []string{"bytes=0-1", "bytes=-5", "bytes=3-", "bytes=9-1", "x", "bytes=", "bytes=1-2,3-4"} {
		f.Add(s, int64(10))
	}
	f.Fuzz(func(t *testing.T, header string, size int64) {
		if size < 0 {
			return
		}
		if s, ok := parseRangeHeader(header, size); ok && (s.Offset < 0 || s.Length <= 0 || s.Offset+s.Length > size) {
			t.Fatalf("%q of %d gives %+v", header, size, s)
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add(base64.StdEncoding.EncodeToString([]byte("kabc")))
	f.Fuzz(func(t *testing.T, cursor string) {
		o := ListOptions{Cursor: cursor}
		if _, ok := o.after(); ok && cursor == "" {
			t.Fatal("no cursor starts somewhere")
		}
	})
}

func benchmarkPut(b *testing.B, size int) {
	bucket := newBucket(b)
	data := make([]byte, size)
	b.SetBytes(int64(size))
	for i := 0; b.Loop(); i++ {
		_, err := bucket.Put(ctx, fmt.Sprint("key", i%1000), bytes.NewReader(data), int64(size), PutOptions{})
		must(b, err)
	}
}

func benchmarkGet(b *testing.B, size int) {
	bucket := newBucket(b)
	for i := range 100 {
		_, err := bucket.Put(ctx, fmt.Sprint("key", i), bytes.NewReader(make([]byte, size)), int64(size), PutOptions{})
		must(b, err)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		_, body, err := bucket.Get(ctx, fmt.Sprint("key", rand.N(100)), GetOptions{})
		must(b, err)
		_, err = body.WriteTo(io.Discard)
		must(b, errors.Join(err, body.Close()))
	}
}

func BenchmarkPut1K(b *testing.B)   { benchmarkPut(b, 1<<10) }
func BenchmarkPut8K(b *testing.B)   { benchmarkPut(b, 8<<10) }
func BenchmarkPut16K(b *testing.B)  { benchmarkPut(b, 16<<10) }
func BenchmarkPut32K(b *testing.B)  { benchmarkPut(b, 32<<10) }
func BenchmarkPut64K(b *testing.B)  { benchmarkPut(b, 64<<10) }
func BenchmarkPut128K(b *testing.B) { benchmarkPut(b, 128<<10) }
func BenchmarkPut100M(b *testing.B) { benchmarkPut(b, 100<<20) }
func BenchmarkGet1K(b *testing.B)   { benchmarkGet(b, 1<<10) }
func BenchmarkGet16K(b *testing.B)  { benchmarkGet(b, 16<<10) }
func BenchmarkGet64K(b *testing.B)  { benchmarkGet(b, 64<<10) }
func BenchmarkGet1M(b *testing.B)   { benchmarkGet(b, 1<<20) }
