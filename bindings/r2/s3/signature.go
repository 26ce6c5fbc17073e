package s3

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	timeFormat = "20060102T150405Z"
	// emptyHash is the SHA-256 of nothing.
	emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	// unsigned stands for the hash of a body that is not signed.
	unsigned = "UNSIGNED-PAYLOAD"
	// maxExpiry is how long a presigned URL may be good.
	maxExpiry = 7 * 24 * time.Hour
)

// signature is what a request says of its own signature.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
type signature struct {
	accessKey string
	scope     string // DATE/REGION/SERVICE/aws4_request
	headers   []string
	value     string
	payload   string // x-amz-content-sha256
	at        string
	presigned bool
	expires   time.Duration
	// signingKey is known once the signature is verified.
	signingKey []byte
}

// readSignature reads the Authorization header or a presigned URL's query.
func readSignature(r *http.Request) (*signature, error) {
	if q := r.URL.Query(); q.Has("X-Amz-Signature") {
		return presigned(r, q)
	}
	rest, ok := strings.CutPrefix(r.Header.Get("Authorization"), algorithm)
	if !ok {
		return nil, errUnauthorized
	}
	s := &signature{payload: r.Header.Get("X-Amz-Content-Sha256"), at: r.Header.Get("X-Amz-Date")}
	credential := ""
	for field := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch name {
		case "Credential":
			credential = value
		case "SignedHeaders":
			s.headers = strings.Split(value, ";")
		case "Signature":
			s.value = value
		}
	}
	if s.payload == "" {
		return nil, errInvalid("The header x-amz-content-sha256 is missing.")
	}
	return s, s.credential(credential)
}

func presigned(r *http.Request, q url.Values) (*signature, error) {
	s := &signature{
		headers: strings.Split(q.Get("X-Amz-SignedHeaders"), ";"), value: q.Get("X-Amz-Signature"),
		at: q.Get("X-Amz-Date"), payload: unsigned, presigned: true,
	}
	if h := r.Header.Get("X-Amz-Content-Sha256"); h != "" {
		s.payload = h
	}
	seconds, err := strconv.Atoi(q.Get("X-Amz-Expires"))
	s.expires = time.Duration(seconds) * time.Second
	if err != nil || seconds < 1 || s.expires > maxExpiry {
		return nil, errInvalid("X-Amz-Expires must be between 1 and 604800 seconds.")
	}
	if q.Get("X-Amz-Algorithm") != algorithm {
		return nil, errInvalid("X-Amz-Algorithm must be %s.", algorithm)
	}
	return s, s.credential(q.Get("X-Amz-Credential"))
}

func (s *signature) credential(text string) (err error) {
	parts := strings.Split(text, "/")
	if len(parts) < 5 || parts[len(parts)-1] != "aws4_request" || s.value == "" || !slices.Contains(s.headers, "host") {
		return errInvalid("The authorization is malformed: it needs Credential=KEY/DATE/REGION/s3/aws4_request, SignedHeaders with host, and Signature.")
	}
	i := len(parts) - 4 // an access key may have slashes
	s.accessKey, s.scope = strings.Join(parts[:i], "/"), strings.Join(parts[i:], "/")
	if !strings.HasPrefix(s.at, parts[i]) {
		return errInvalid("The date of the credential is not that of X-Amz-Date.")
	}
	return nil
}

// verify compares the signature with the one the secret gives.
func (s *signature) verify(r *http.Request, secrets map[string]string, now time.Time) error {
	secret, ok := secrets[s.accessKey]
	if !ok {
		return errUnauthorized
	}
	at, err := time.Parse(timeFormat, s.at)
	if err != nil {
		return errInvalid("X-Amz-Date must look like %s.", timeFormat)
	}
	if s.presigned && now.After(at.Add(s.expires)) {
		return errExpired
	}
	key := []byte("AWS4" + secret)
	for part := range strings.SplitSeq(s.scope, "/") {
		key = mac(key, part)
	}
	s.signingKey = key
	if !s.signed(algorithm, hashText(s.canonical(r)), s.value) {
		return errSignature
	}
	return nil
}

// signed reports whether value signs a text of that kind.
func (s *signature) signed(kind, text, value string) bool {
	want := mac(s.signingKey, kind+"\n"+s.at+"\n"+s.scope+"\n"+text)
	got, err := hex.DecodeString(value)
	return err == nil && hmac.Equal(want, got)
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func hashText(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// canonical is the request as it is signed.
func (s *signature) canonical(r *http.Request) string {
	var b strings.Builder
	b.WriteString(r.Method + "\n" + escape(r.URL.Path, true) + "\n" + canonicalQuery(r.URL.RawQuery) + "\n")
	for _, name := range s.headers {
		b.WriteString(name + ":" + headerText(r, name) + "\n")
	}
	b.WriteString("\n" + strings.Join(s.headers, ";") + "\n" + s.payload)
	return b.String()
}

func headerText(r *http.Request, name string) string {
	switch name {
	case "host":
		return r.Host
	case "content-length":
		return strconv.FormatInt(r.ContentLength, 10)
	}
	values := slices.Clone(r.Header.Values(name))
	for i, v := range values {
		values[i] = strings.Join(strings.Fields(v), " ")
	}
	return strings.Join(values, ",")
}

func canonicalQuery(raw string) string {
	var pairs []string
	for part := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(part, "=")
		if name == "" || name == "X-Amz-Signature" {
			continue
		}
		pairs = append(pairs, again(name)+"="+again(value))
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// again escapes a part of a query as signatures want it.
func again(text string) string {
	plain, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return escape(plain, false)
}

// escape is RFC 3986's percent-encoding of all but unreserved characters.
func escape(s string, path bool) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~", c) >= 0, path && c == '/':
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}
