package explorer

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/bindings/kv"
)

// kv answers below storage/kv/namespaces.
func (c *call) kv(path []string) error {
	if len(path) == 0 {
		return c.namespaces()
	}
	if !slices.ContainsFunc(c.namespaceList(), func(n namespace) bool { return n.ID == path[0] }) {
		return &Error{http.StatusNotFound, 10013, fmt.Sprintf("namespace %q not found: no worker of this project binds it", path[0])}
	}
	ns, err := kv.SharedNamespace(c.api.Session, path[0])
	if err != nil {
		return err
	}
	switch rest := path[1:]; {
	case slices.Equal(rest, []string{"keys"}):
		return c.keys(ns)
	case len(rest) > 1 && rest[0] == "values":
		return c.value(ns, strings.Join(rest[1:], "/"))
	case slices.Equal(rest, []string{"bulk"}):
		return c.bulkPut(ns)
	case slices.Equal(rest, []string{"bulk", "get"}):
		return c.bulkGet(ns)
	case slices.Equal(rest, []string{"bulk", "delete"}):
		return c.bulkDelete(ns)
	}
	return errNoRoute
}

type namespace struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func (c *call) namespaceList() []namespace {
	list := []namespace{}
	for _, cfg := range c.api.Configs {
		for _, k := range cfg.KVNamespaces {
			if !slices.ContainsFunc(list, func(n namespace) bool { return n.ID == k.ID }) {
				list = append(list, namespace{k.ID, k.Binding})
			}
		}
	}
	return list
}

func (c *call) namespaces() error {
	if err := c.only(http.MethodGet); err != nil {
		return err
	}
	list := c.namespaceList()
	return c.ok(list, map[string]int{"count": len(list)})
}

// Key is an entry of a listing.
type Key struct {
	Name       string          `json:"name"`
	Expiration int64           `json:"expiration,omitempty"` // seconds since 1970
	Metadata   json.RawMessage `json:"metadata,omitempty"`
}

// KeysInfo is the result_info of a listing of keys.
type KeysInfo struct {
	Count  int    `json:"count"`
	Cursor string `json:"cursor"`
}

func (c *call) keys(ns *kv.Namespace) error {
	if err := c.only(http.MethodGet); err != nil {
		return err
	}
	limit, err := c.number("limit", kv.MaxListKeys)
	if err != nil {
		return err
	}
	page, err := ns.List(c.Context(), kv.ListOptions{Prefix: c.query.Get("prefix"), Cursor: c.query.Get("cursor"), Limit: limit})
	if err != nil {
		return err
	}
	list := make([]Key, len(page.Entries))
	for i, e := range page.Entries {
		list[i] = Key{e.Key, e.Expiration, e.Metadata}
	}
	return c.ok(list, KeysInfo{len(list), page.Cursor})
}

// number is a parameter that must be a whole number.
func (c *call) number(name string, otherwise int) (int, error) {
	n, err := strconv.Atoi(cmp.Or(c.query.Get(name), strconv.Itoa(otherwise)))
	if err != nil {
		return 0, errInvalid(name + ": expected a whole number")
	}
	return n, nil
}

func (c *call) value(ns *kv.Namespace, key string) error {
	switch c.Method {
	case http.MethodGet:
		e, err := ns.Get(c.Context(), key)
		if err != nil {
			return err
		}
		if e == nil {
			return &Error{http.StatusNotFound, 10009, "Not Found"}
		}
		c.w.Header().Set("Content-Type", "application/octet-stream")
		if e.Expiration != 0 {
			c.w.Header().Set("Expiration", strconv.FormatInt(e.Expiration, 10))
		}
		_, _ = c.w.Write(e.Value) // a client that is gone cannot be told
		return nil
	case http.MethodPut:
		value, o, err := c.newValue()
		if err == nil {
			err = ns.Put(c.Context(), key, value, o)
		}
		if err != nil {
			return err
		}
		return c.ok(struct{}{}, nil)
	case http.MethodDelete:
		if err := ns.Delete(c.Context(), key); err != nil {
			return err
		}
		return c.ok(struct{}{}, nil)
	}
	return c.only(http.MethodGet, http.MethodPut, http.MethodDelete)
}

// newValue reads a value: the body, or the fields value and metadata of a form.
func (c *call) newValue() (value []byte, o kv.PutOptions, err error) {
	if o.TTL, err = seconds(c.query, "expiration_ttl"); err != nil {
		return nil, o, err
	}
	if o.Expiration, err = seconds(c.query, "expiration"); err != nil {
		return nil, o, err
	}
	body := http.MaxBytesReader(c.w, c.Body, kv.MaxValueSize+1<<20)
	if kind, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type")); kind != "multipart/form-data" {
		value, err = io.ReadAll(body)
		return value, o, err
	}
	form, err := c.MultipartReader()
	if err != nil {
		return nil, o, errInvalid(err.Error())
	}
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			return value, o, nil
		}
		if err != nil {
			return nil, o, errInvalid(err.Error())
		}
		data, err := io.ReadAll(io.LimitReader(part, kv.MaxValueSize+1))
		if err != nil {
			return nil, o, errInvalid(err.Error())
		}
		switch part.FormName() {
		case "value":
			value = data
		case "metadata":
			if o.Metadata, err = metadata(data); err != nil {
				return nil, o, err
			}
		}
	}
}

func metadata(data []byte) ([]byte, error) {
	if !json.Valid(data) {
		return nil, errInvalid("metadata: expected JSON")
	}
	return data, nil
}

func seconds(q url.Values, name string) (*int64, error) {
	if !q.Has(name) {
		return nil, nil
	}
	n, err := strconv.ParseInt(q.Get(name), 10, 64)
	if err != nil {
		return nil, errInvalid(name + ": expected a number of seconds")
	}
	return &n, nil
}

// KeyValue is one pair of a bulk write, in the form wrangler's files have.
type KeyValue struct {
	Key           string          `json:"key"`
	Value         *string         `json:"value"`
	Base64        bool            `json:"base64,omitempty"`
	Expiration    *int64          `json:"expiration,omitempty"`
	ExpirationTTL *int64          `json:"expiration_ttl,omitempty"`
	Metadata      json.RawMessage `json:"metadata,omitempty"`
}

const (
	maxBulkWrite = 10_000    // pairs
	maxBulkSize  = 100 << 20 // bytes
)

func (c *call) read(v any) error {
	if err := json.NewDecoder(http.MaxBytesReader(c.w, c.Body, maxBulkSize)).Decode(v); err != nil {
		return errInvalid("the body is not the JSON that is expected: " + err.Error())
	}
	return nil
}

func (c *call) bulkPut(ns *kv.Namespace) error {
	if err := c.only(http.MethodPut); err != nil {
		return err
	}
	var list []KeyValue
	if err := c.read(&list); err != nil {
		return err
	}
	if len(list) > maxBulkWrite {
		return errInvalid(fmt.Sprintf("at most %d pairs can be written at once", maxBulkWrite))
	}
	for i, p := range list {
		if err := c.putPair(ns, p); err != nil {
			e := *refusal(err)
			e.Message = fmt.Sprintf("pair %d (key %q): %s; the %d before it are written", i, p.Key, e.Message, i)
			return &e
		}
	}
	return c.ok(map[string]int{"successful_key_count": len(list)}, nil)
}

func (c *call) putPair(ns *kv.Namespace, p KeyValue) error {
	if p.Value == nil {
		return errInvalid(`expected "value" to be a string`)
	}
	value := []byte(*p.Value)
	if p.Base64 {
		var err error
		if value, err = base64.StdEncoding.DecodeString(*p.Value); err != nil {
			return errInvalid(`expected "value" to be base64`)
		}
	}
	return ns.Put(c.Context(), p.Key, value, kv.PutOptions{TTL: p.ExpirationTTL, Expiration: p.Expiration, Metadata: p.Metadata})
}

func (c *call) bulkGet(ns *kv.Namespace) error {
	if err := c.only(http.MethodPost); err != nil {
		return err
	}
	var doc struct {
		Keys []string `json:"keys"`
	}
	if err := c.read(&doc); err != nil {
		return err
	}
	found, err := ns.GetAll(c.Context(), doc.Keys)
	if err != nil {
		return err
	}
	values := map[string]*string{}
	for _, k := range doc.Keys {
		values[k] = nil
		if e := found[k]; e != nil {
			text := string(e.Value)
			values[k] = &text
		}
	}
	return c.ok(map[string]any{"values": values}, nil)
}

func (c *call) bulkDelete(ns *kv.Namespace) error {
	if err := c.only(http.MethodPost); err != nil {
		return err
	}
	var keys []string
	if err := c.read(&keys); err != nil {
		return err
	}
	for _, k := range keys {
		if err := ns.Delete(c.Context(), k); err != nil {
			return err
		}
	}
	return c.ok(struct{}{}, nil)
}
