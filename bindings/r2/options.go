package r2

import (
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/miniworker/miniworker/runtime/api/headers"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// fields reads an options object. Its kind is the name in error texts.
type fields struct {
	js   *jsg.Scope
	a    *jsg.Args
	o    *jsg.Object // nil for no options
	kind string
}

// options is argument i as an options object; undefined and null are none.
func options(js *jsg.Scope, a *jsg.Args, i int, kind string) fields {
	v := a.Value(i)
	o, ok := jsg.IsObject(v)
	if !ok && !jsg.IsNullish(v) {
		a.Mismatch(i, kind)
	}
	return fields{js, a, o, kind}
}

// get is a field; ok is false where it is undefined or something failed.
func (f fields) get(name string) (v jsg.Value, ok bool) {
	if f.o == nil || f.a.Err() != nil {
		return nil, false
	}
	v, err := f.js.Get(f.o, name)
	if err != nil {
		f.a.Fail(err)
		return nil, false
	}
	return v, !jsg.IsUndefined(v)
}

func (f fields) wrong(name, want string) {
	f.a.Fail(jsg.TypeErrorf("Incorrect type for the '%s' field on '%s': the provided value is not of type '%s'.", name, f.kind, want))
}

// coerced is a field as ToString gives it, "" if it is undefined.
func (f fields) coerced(name string) string {
	if _, ok := f.get(name); !ok {
		return ""
	}
	return f.always(name)
}

// always is a field as ToString gives it, whatever it is.
func (f fields) always(name string) string {
	v, _ := f.get(name)
	if v == nil {
		return ""
	}
	if jsg.IsSymbol(v) {
		f.a.Fail(jsg.TypeErrorf("Cannot convert a Symbol value to a string"))
		return ""
	}
	return v.String()
}

// text is a field that must be a string already.
func (f fields) text(name string) (string, bool) {
	v, ok := f.get(name)
	if !ok {
		return "", false
	}
	if !jsg.IsString(v) {
		f.wrong(name, "string")
		return "", false
	}
	return v.String(), true
}

func (f fields) number(name string) (float64, bool) {
	v, ok := f.get(name)
	if !ok {
		return 0, false
	}
	return v.ToFloat(), true
}

// date is a field that is a Date or milliseconds.
func (f fields) date(name string) time.Time {
	v, ok := f.get(name)
	if !ok {
		return time.Time{}
	}
	var ms float64
	if o, isObject := jsg.IsObject(v); isObject && o.ClassName() == "Date" {
		ms = v.ToFloat()
	} else if jsg.IsNumber(v) {
		ms = v.ToFloat()
	} else {
		f.wrong(name, "date")
		return time.Time{}
	}
	if math.IsNaN(ms) || math.Abs(ms) > maxDate {
		f.a.Fail(jsg.TypeErrorf("The value cannot be converted because it is not a valid Date."))
		return time.Time{}
	}
	return time.UnixMilli(int64(ms)).UTC()
}

const maxDate = 8.64e15 // ms, the end of time in ECMA-262

// structOrHeaders is a field that is a dictionary or a Headers object. Null and
// undefined are neither.
func (f fields) structOrHeaders(name, kind string) (d fields, h *headers.Headers, ok bool) {
	v, ok := f.get(name)
	if !ok || v == jsg.Null {
		return fields{}, nil, false
	}
	if h, ok := headers.From(v); ok {
		return fields{}, h, true
	}
	o, ok := jsg.IsObject(v)
	if !ok {
		f.wrong(name, kind+" or Headers")
		return fields{}, nil, false
	}
	return fields{f.js, f.a, o, kind}, nil, true
}

// ssecKey is a customer's key, which is checked first as R2 does.
func (f fields) ssecKey() SSECKey {
	v, ok := f.get("ssecKey")
	if !ok {
		return nil
	}
	if data, ok := jsg.Bytes(v); ok {
		return f.keyOf(data)
	}
	text := v.String()
	if len(text) != 2*ssecKeySize {
		return f.keyOf(nil)
	}
	key, err := hex.DecodeString(text)
	if err != nil {
		f.a.Fail(jsg.Errorf("SSE-C Key has invalid format"))
		return nil
	}
	return f.keyOf(key)
}

func (f fields) keyOf(data []byte) SSECKey {
	if len(data) != ssecKeySize {
		f.a.Fail(jsg.Errorf("SSE-C Key must be 32 bytes in length"))
		return nil
	}
	return slices.Clone(data)
}

func getOptions(js *jsg.Scope, a *jsg.Args, i int) (GetOptions, error) {
	f := options(js, a, i, "GetOptions")
	o := GetOptions{OnlyIf: f.condition()}
	if r, h, ok := f.structOrHeaders("range", "Range"); h != nil {
		o.RangeHeader = h.Header().Get("Range")
	} else if ok {
		o.Range = r.span()
	}
	o.SSECKey = f.ssecKey()
	return o, a.Err()
}

func (f fields) span() *Range {
	r := &Range{
		Offset: f.position("offset", "range. Starting offset", "range. Starting offset"),
		Length: f.position("length", "range. Length", "range. Length"),
	}
	if _, ok := f.get("suffix"); !ok {
		if r.Offset == nil && r.Length == nil {
			return nil
		}
		return r
	}
	switch {
	case r.Offset != nil:
		f.a.Fail(jsg.TypeErrorf("Suffix is incompatible with offset."))
	case r.Length != nil:
		f.a.Fail(jsg.TypeErrorf("Suffix is incompatible with length."))
	}
	r.Suffix = f.position("suffix", "suffix. Suffix", "range. Suffix")
	return r
}

// position is a byte count; what it is called depends on what is wrong.
func (f fields) position(name, negative, broken string) *int64 {
	x, ok := f.number(name)
	if !ok {
		return nil
	}
	if !(x >= 0) {
		f.a.Fail(jsg.RangeErrorf("Invalid %s (%s) must be greater than or equal to 0.", negative, formatNumber(x)))
	} else if x != math.Trunc(x) {
		f.a.Fail(jsg.RangeErrorf("Invalid %s (%s) must be an integer, not floating point.", broken, formatNumber(x)))
	}
	n := int64(min(x, 1<<62))
	return &n
}

func formatNumber(x float64) string {
	if math.IsNaN(x) {
		return "nan"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

func putOptions(js *jsg.Scope, a *jsg.Args, i int) (PutOptions, error) {
	f := options(js, a, i, "PutOptions")
	o := PutOptions{OnlyIf: f.condition()}
	f.metadata(&o)
	f.checksums(&o.Checksums)
	o.SSECKey = f.ssecKey()
	return o, a.Err()
}

func uploadOptions(js *jsg.Scope, a *jsg.Args, i int) (o PutOptions, err error) {
	f := options(js, a, i, "MultipartOptions")
	f.metadata(&o)
	o.SSECKey = f.ssecKey()
	return o, a.Err()
}

// metadata reads what put and createMultipartUpload have in common. A storage
// class R2 does not know counts as Standard, as in the simulator.
func (f fields) metadata(o *PutOptions) {
	if m, h, ok := f.structOrHeaders("httpMetadata", "HttpMetadata"); h != nil {
		o.HTTP = f.metadataOf(h)
	} else if ok {
		for _, t := range o.HTTP.texts() {
			*t.value = m.coerced(t.name)
		}
		o.HTTP.CacheExpiry = m.date("cacheExpiry")
	}
	if v, ok := f.get("customMetadata"); ok {
		c, isObject := jsg.IsObject(v)
		if !isObject || jsg.IsArray(v) {
			f.wrong("customMetadata", "object")
			return
		}
		d := fields{f.js, f.a, c, "customMetadata"}
		for _, k := range c.Keys() {
			o.Custom = append(o.Custom, Pair{k, d.always(k)})
		}
	}
	if f.coerced("storageClass") == InfrequentAccess {
		o.StorageClass = InfrequentAccess
	}
}

func (f fields) metadataOf(h *headers.Headers) (m HTTPMetadata) {
	for _, t := range m.texts() {
		*t.value = header(h, t.header)
	}
	if e := header(h, "expires"); e != "" {
		m.CacheExpiry = f.headerDate(e)
	}
	return m
}

// checksums are the checksums of PutOptions, at most one of which may be given.
func (f fields) checksums(sums *Checksums) {
	given := false
	for _, s := range []struct {
		field, name string
		size        int
		to          *[]byte
	}{
		{"md5", "MD5", 16, &sums.MD5}, {"sha1", "SHA-1", 20, &sums.SHA1}, {"sha256", "SHA-256", 32, &sums.SHA256},
		{"sha384", "SHA-384", 48, &sums.SHA384}, {"sha512", "SHA-512", 64, &sums.SHA512},
	} {
		v, ok := f.get(s.field)
		if !ok {
			continue
		}
		if given {
			f.a.Fail(jsg.TypeErrorf("You cannot specify multiple hashing algorithms."))
			return
		}
		given = true
		if jsg.IsString(v) {
			*s.to = f.hexSum(s.name, v.String(), s.size)
		} else if data, ok := jsg.Bytes(v); !ok {
			f.wrong(s.field, "BufferSource or string")
		} else if len(data) != s.size {
			f.a.Fail(jsg.TypeErrorf("%s is %d bytes, not %d", s.name, s.size, len(data)))
		} else {
			*s.to = append([]byte(nil), data...)
		}
	}
}

func (f fields) hexSum(name, text string, size int) []byte {
	if len(text) != 2*size {
		f.a.Fail(jsg.TypeErrorf("%s is %d hex characters, not %d", name, 2*size, len(text)))
		return nil
	}
	sum, err := hex.DecodeString(text)
	if err != nil {
		f.a.Fail(jsg.TypeErrorf("Provided %s wasn't a valid hex string", name))
	}
	return sum
}

func listOptions(js *jsg.Scope, a *jsg.Args, i int) (ListOptions, error) {
	f := options(js, a, i, "ListOptions")
	var o ListOptions
	if n, ok := f.number("limit"); ok {
		limit := 0
		if !math.IsNaN(n) && math.Abs(n) < math.MaxInt32 {
			limit = int(n)
		}
		o.Limit = &limit
	}
	o.Prefix, _ = f.text("prefix")
	o.Cursor, _ = f.text("cursor")
	o.Delimiter, _ = f.text("delimiter")
	o.StartAfter, _ = f.text("startAfter")
	if v, ok := f.get("include"); ok {
		if !jsg.IsArray(v) {
			f.wrong("include", "Array")
			return o, a.Err()
		}
		if err := js.Iterate(v, o.include); err != nil {
			return o, err
		}
	}
	if !js.Flag("r2_list_honor_include") {
		o.IncludeHTTP, o.IncludeCustom = true, true
	}
	return o, a.Err()
}

func (o *ListOptions) include(v jsg.Value) (bool, error) {
	switch what := v.String(); what {
	case "httpMetadata":
		o.IncludeHTTP = true
	case "customMetadata":
		o.IncludeCustom = true
	default:
		return false, jsg.RangeErrorf("Unsupported include value %s", what)
	}
	return true, nil
}
