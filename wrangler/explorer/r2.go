package explorer

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/miniworker/miniworker/bindings/r2"
)

// CustomMetadata is the header that carries an object's custom metadata, as
// JSON, percent-encoded where it is not ASCII.
const CustomMetadata = "Cf-R2-Custom-Metadata"

// r2 answers below r2/buckets.
func (c *call) r2(path []string) error {
	if len(path) == 0 {
		return c.buckets()
	}
	if !slices.Contains(c.bucketNames(), path[0]) {
		return &Error{http.StatusNotFound, 10006, fmt.Sprintf("The specified bucket does not exist: no worker of this project binds %q.", path[0])}
	}
	if len(path) == 1 {
		return c.ok(map[string]string{"name": path[0]}, nil)
	}
	if path[1] != "objects" {
		return errNoRoute
	}
	b, err := r2.SharedBucket(c.api.Session, path[0])
	if err != nil {
		return err
	}
	if len(path) == 2 {
		return c.objects(b)
	}
	return c.object(b, strings.Join(path[2:], "/"))
}

func (c *call) bucketNames() []string {
	var names []string
	for _, cfg := range c.api.Configs {
		for _, b := range cfg.R2Buckets {
			names = append(names, b.Bucket)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *call) buckets() error {
	if err := c.only(http.MethodGet); err != nil {
		return err
	}
	type bucket struct {
		Name string `json:"name"`
	}
	list := []bucket{}
	for _, name := range c.bucketNames() {
		list = append(list, bucket{name})
	}
	return c.ok(map[string]any{"buckets": list}, map[string]int{"count": len(list), "total_count": len(list)})
}

// Object describes an object, in listings and after a put.
type Object struct {
	Key          string            `json:"key"`
	ETag         string            `json:"etag"`
	Size         int64             `json:"size"`
	Version      string            `json:"version,omitempty"`
	LastModified string            `json:"last_modified,omitempty"`
	HTTP         map[string]string `json:"http_metadata"`
	Custom       map[string]string `json:"custom_metadata"`
}

// ObjectsInfo is the result_info of a listing of objects. IsTruncated is text,
// as in wrangler.
type ObjectsInfo struct {
	Delimited   []string `json:"delimited"`
	IsTruncated string   `json:"is_truncated"`
	Cursor      string   `json:"cursor,omitempty"`
}

func describe(o *r2.Object) Object {
	d := Object{Key: o.Key, ETag: o.ETag, Size: o.Size, Version: o.Version, HTTP: map[string]string{}, Custom: map[string]string{}}
	if !o.Uploaded.IsZero() {
		d.LastModified = o.Uploaded.Format("2006-01-02T15:04:05.000Z")
	}
	if o.HTTP.ContentType != "" {
		d.HTTP["contentType"] = o.HTTP.ContentType
	}
	for _, p := range o.Custom {
		d.Custom[p.Key] = p.Value
	}
	return d
}

func (c *call) objects(b *r2.Bucket) error {
	switch c.Method {
	case http.MethodGet:
	case http.MethodDelete:
		var keys []string
		if err := c.read(&keys); err != nil {
			return err
		}
		if err := b.Delete(c.Context(), keys...); err != nil {
			return err
		}
		return c.ok(keys, nil)
	default:
		return c.only(http.MethodGet, http.MethodDelete)
	}
	limit, err := c.number("per_page", r2.MaxListKeys)
	if err != nil {
		return err
	}
	page, err := b.List(c.Context(), r2.ListOptions{
		Prefix: c.query.Get("prefix"), Delimiter: c.query.Get("delimiter"), Cursor: c.query.Get("cursor"), Limit: &limit,
		IncludeHTTP: true, IncludeCustom: true,
	})
	if err != nil {
		return err
	}
	list := make([]Object, len(page.Objects))
	for i, o := range page.Objects {
		list[i] = describe(o)
	}
	return c.ok(list, ObjectsInfo{slices.Concat([]string{}, page.Prefixes), strconv.FormatBool(page.Truncated), page.Cursor})
}

func (c *call) object(b *r2.Bucket, key string) error {
	switch c.Method {
	case http.MethodGet, http.MethodHead:
		return c.getObject(b, key)
	case http.MethodPut:
		return c.putObject(b, key)
	case http.MethodDelete:
		if err := b.Delete(c.Context(), key); err != nil {
			return err
		}
		return c.ok(map[string]string{"key": key}, nil)
	}
	return c.only(http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete)
}

func (c *call) getObject(b *r2.Bucket, key string) error {
	o, body, err := b.Get(c.Context(), key, r2.GetOptions{})
	if err != nil {
		return err
	}
	if o == nil {
		return r2.ErrNoSuchKey
	}
	defer body.Close()
	if c.Header.Get("Cf-Metadata-Only") == "true" {
		return c.ok(describe(o), nil)
	}
	h := c.w.Header()
	for name, value := range map[string]string{
		"Content-Type": o.HTTP.ContentType, "Content-Language": o.HTTP.ContentLanguage, "Content-Disposition": o.HTTP.ContentDisposition,
		"Content-Encoding": o.HTTP.ContentEncoding, "Cache-Control": o.HTTP.CacheControl,
		"Content-Length": strconv.FormatInt(o.Size, 10), "ETag": o.HTTPETag(), "Last-Modified": o.Uploaded.Format(http.TimeFormat),
	} {
		if value != "" {
			h.Set(name, value)
		}
	}
	c.w.WriteHeader(http.StatusOK)
	if c.Method != http.MethodHead {
		_, _ = io.Copy(c.w, body) // a client that is gone cannot be told
	}
	return nil
}

func (c *call) putObject(b *r2.Bucket, key string) error {
	o := r2.PutOptions{StorageClass: c.Header.Get("Cf-R2-Storage-Class"), HTTP: r2.HTTPMetadata{
		ContentType: c.Header.Get("Content-Type"), ContentLanguage: c.Header.Get("Content-Language"),
		ContentDisposition: c.Header.Get("Content-Disposition"), ContentEncoding: c.Header.Get("Content-Encoding"),
		CacheControl: c.Header.Get("Cache-Control"),
	}}
	if text := c.Header.Get("Expires"); text != "" {
		t, err := http.ParseTime(text)
		if err != nil {
			return errInvalid("Expires must be a date such as " + time.Unix(0, 0).UTC().Format(http.TimeFormat))
		}
		o.HTTP.CacheExpiry = t
	}
	if text := c.Header.Get(CustomMetadata); text != "" {
		var pairs map[string]string
		plain, err := url.PathUnescape(text)
		if err == nil {
			err = json.Unmarshal([]byte(plain), &pairs)
		}
		if err != nil {
			return errInvalid(CustomMetadata + ": expected a JSON object of strings")
		}
		for k, v := range pairs {
			o.Custom = append(o.Custom, r2.Pair{Key: k, Value: v})
		}
		slices.SortFunc(o.Custom, func(a, b r2.Pair) int { return strings.Compare(a.Key, b.Key) })
	}
	if !slices.Contains([]string{"", r2.Standard, r2.InfrequentAccess}, o.StorageClass) {
		return errInvalid("the storage class must be " + r2.Standard + " or " + r2.InfrequentAccess)
	}
	stored, err := b.Put(c.Context(), key, c.Body, c.ContentLength, o)
	if err != nil {
		return err
	}
	return c.ok(describe(stored), nil)
}
