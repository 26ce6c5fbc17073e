package s3

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// content is the body of a put, without its transfer encoding. What it was
// announced to be is checked when its end is read, so whoever reads it must
// read to io.EOF before keeping anything.
type content struct {
	r      io.Reader
	length int64 // announced, negative for unknown
	read   int64
	checks []check
	err    error
}

// check compares a checksum of the content with the announced one.
type check struct {
	hash hash.Hash
	want func() []byte // asked at the end; nil if none was sent after all
	err  *Error
}

// nvme is CRC-64/NVME, in the reflected form that hash/crc64 takes.
var nvme = sync.OnceValue(func() *crc64.Table { return crc64.MakeTable(0x9A6C9329AC4BC9B5) })

// algorithms are the checksums of S3, by what follows x-amz-checksum-.
var algorithms = map[string]func() hash.Hash{
	"crc32":     func() hash.Hash { return crc32.NewIEEE() },
	"crc32c":    func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"crc64nvme": func() hash.Hash { return crc64.New(nvme()) },
	"sha1":      sha1.New,
	"sha256":    sha256.New,
}

const checksumHeader = "X-Amz-Checksum-"

func badDigest(name string) *Error {
	return &Error{http.StatusBadRequest, "BadDigest", "The " + name + " you specified did not match the calculated checksum."}
}

// content is the request's body, checked.
func (q *request) content() (*content, error) {
	c := &content{r: q.Body, length: q.ContentLength}
	var trailers http.Header
	if strings.HasPrefix(q.sig.payload, "STREAMING-") {
		chunks, err := q.chunks()
		if err != nil {
			return nil, err
		}
		c.r, trailers = chunks, chunks.trailers
		length := q.Header.Get("X-Amz-Decoded-Content-Length")
		if c.length, err = strconv.ParseInt(length, 10, 64); err != nil {
			return nil, &Error{http.StatusLengthRequired, "MissingContentLength", "You must provide the x-amz-decoded-content-length header."}
		}
	} else if sum, err := hex.DecodeString(q.sig.payload); err == nil && len(sum) == sha256.Size {
		c.expect(sha256.New(), func() []byte { return sum }, errContentHash)
	}
	if c.length < 0 {
		return nil, &Error{http.StatusLengthRequired, "MissingContentLength", "You must provide the Content-Length HTTP header."}
	}
	return c, c.checksums(q.Header, trailers)
}

func (c *content) expect(h hash.Hash, want func() []byte, err *Error) {
	c.checks = append(c.checks, check{h, want, err})
}

// checksums adds the checks that headers and the trailers to come ask for.
func (c *content) checksums(h, trailers http.Header) error {
	if text := h.Get("Content-Md5"); text != "" {
		sum, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(sum) != md5.Size {
			return &Error{http.StatusBadRequest, "InvalidDigest", "The Content-MD5 you specified is not valid."}
		}
		c.expect(md5.New(), func() []byte { return sum }, badDigest("Content-MD5"))
	}
	trailer := strings.ToLower(h.Get("X-Amz-Trailer"))
	for name, algorithm := range algorithms {
		header := checksumHeader + name
		if text := h.Get(header); text != "" {
			sum, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return errInvalid("Value for %s header is invalid.", strings.ToLower(header))
			}
			c.expect(algorithm(), func() []byte { return sum }, badDigest(strings.ToUpper(name)))
		} else if strings.Contains(","+strings.ReplaceAll(trailer, " ", "")+",", ","+strings.ToLower(header)+",") {
			c.expect(algorithm(), func() []byte { return trailerSum(trailers, header) }, badDigest(strings.ToUpper(name)))
		}
	}
	return nil
}

// trailerSum is a checksum sent behind the body; one that is announced but
// missing or broken matches nothing.
func trailerSum(trailers http.Header, name string) []byte {
	sum, err := base64.StdEncoding.DecodeString(trailers.Get(name))
	if err != nil {
		return []byte{}
	}
	return sum
}

// Read implements io.Reader.
func (c *content) Read(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.r.Read(p)
	c.read += int64(n)
	for _, k := range c.checks {
		k.hash.Write(p[:n])
	}
	switch {
	case errors.Is(err, io.EOF):
		err = c.finish()
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = errIncomplete
	}
	c.err = err
	return n, err
}

// finish is io.EOF if everything is as announced.
func (c *content) finish() error {
	if c.read != c.length {
		return errIncomplete
	}
	for _, k := range c.checks {
		if !bytes.Equal(k.hash.Sum(nil), k.want()) {
			return k.err
		}
	}
	return io.EOF
}
