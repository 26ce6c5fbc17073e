package s3

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// chunks undoes the aws-chunked encoding.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
type chunks struct {
	r    *bufio.Reader
	left int64 // bytes of the current chunk still to come
	// trailers are those behind the last chunk; filled in when it was read.
	trailers http.Header
	trailing bool
	ended    bool

	sig  *signature // nil if chunks are not signed
	last string     // signature before
	want string     // of the current chunk
	sum  hash.Hash  // of the current chunk's data
}

const maxChunkLine = 4096 // bytes, the size and signature of a chunk, or a trailer

// chunks reads the request's body.
func (q *request) chunks() (*chunks, error) {
	c := &chunks{r: bufio.NewReaderSize(q.Body, maxChunkLine), trailers: http.Header{}, last: q.sig.value}
	switch q.sig.payload {
	case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
		c.trailing = true
	case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
		c.sig, c.trailing = q.sig, true
	case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
		c.sig = q.sig
	default:
		return nil, errNotImplemented("x-amz-content-sha256: " + q.sig.payload)
	}
	return c, nil
}

func errChunk(what string) *Error {
	return &Error{http.StatusBadRequest, "InvalidRequest", "The aws-chunked body is malformed: " + what + "."}
}

// Read implements io.Reader.
func (c *chunks) Read(p []byte) (int, error) {
	if c.ended {
		return 0, io.EOF
	}
	if c.left == 0 {
		if err := c.next(); err != nil {
			return 0, err
		}
		if c.ended {
			return 0, io.EOF
		}
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	if c.sig != nil {
		c.sum.Write(p[:n])
	}
	if err == io.EOF && c.left > 0 {
		return n, io.ErrUnexpectedEOF
	}
	if err == nil && c.left == 0 {
		err = c.endChunk()
	}
	return n, err
}

// next reads the head of a chunk, or everything behind the last one.
func (c *chunks) next() error {
	line, err := c.line()
	if err != nil {
		return err
	}
	size, extension, _ := strings.Cut(line, ";")
	if c.left, err = strconv.ParseInt(size, 16, 64); err != nil || c.left < 0 {
		return errChunk("a chunk must begin with its size")
	}
	if c.sig != nil {
		c.want = strings.TrimPrefix(extension, "chunk-signature=")
		c.sum = sha256.New()
	}
	if c.left > 0 {
		return nil
	}
	c.ended = true
	if err := c.check(); err != nil {
		return err
	}
	return c.readTrailers()
}

func (c *chunks) endChunk() error {
	if line, err := c.line(); err != nil || line != "" {
		return errChunk("a chunk is longer than its size")
	}
	return c.check()
}

// check verifies the chunk just read.
func (c *chunks) check() error {
	if c.sig == nil {
		return nil
	}
	text := c.last + "\n" + emptyHash + "\n" + hex.EncodeToString(c.sum.Sum(nil))
	if !c.sig.signed(algorithm+"-PAYLOAD", text, c.want) {
		return errSignature
	}
	c.last = c.want
	return nil
}

const trailerSignature = "X-Amz-Trailer-Signature"

func (c *chunks) readTrailers() error {
	var signed strings.Builder
	for c.trailing {
		line, err := c.line()
		if err != nil || line == "" {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return errChunk("a trailer must be NAME:VALUE")
		}
		c.trailers.Set(textproto.TrimString(name), textproto.TrimString(value))
		if !strings.EqualFold(textproto.TrimString(name), trailerSignature) {
			signed.WriteString(strings.ToLower(textproto.TrimString(name)) + ":" + textproto.TrimString(value) + "\n")
		}
	}
	if c.sig == nil || !c.trailing {
		return nil
	}
	if !c.sig.signed(algorithm+"-TRAILER", c.last+"\n"+hashText(signed.String()), c.trailers.Get(trailerSignature)) {
		return errSignature
	}
	return nil
}

// line reads up to CRLF.
func (c *chunks) line() (string, error) {
	line, err := c.r.ReadSlice('\n')
	switch err {
	case nil:
		return strings.TrimSuffix(string(line[:len(line)-1]), "\r"), nil
	case io.EOF:
		return "", io.ErrUnexpectedEOF
	case bufio.ErrBufferFull:
		return "", errChunk("a line is too long")
	}
	return "", err
}
