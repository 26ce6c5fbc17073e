package workflows

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/miniworker/miniworker/bindings/internal/store"
	"github.com/miniworker/miniworker/runtime/api/streams"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// chunkSize is how a stream is cut up on disk, streamLimit how much one may have.
const (
	chunkSize   = 256 << 10
	streamLimit = 1 << 30
)

// keepStream reads the stream that a callback gave to its end, while the step's
// timeout goes on.
func (at *attempt) keepStream(js *jsg.Scope, s *streams.ReadableStream) {
	d := at.d
	body, err := s.TakeBody(js)
	if err != nil {
		at.badStream(js, errors.New("Step returned a ReadableStream that is already locked or otherwise unreadable. Return a fresh, unlocked ReadableStream from step.do()."))
		return
	}
	attempt := d.attempts
	end := sync.OnceFunc(func() { _ = body.Close() })
	at.stop = end
	pending := d.r.io.Begin(js)
	done := d.r.version.Isolate().Working()
	go func() {
		n, err := d.r.w.writeStream(d.r, d.key, attempt, body)
		end()
		done()
		pending.Finish(func(js *jsg.Scope) {
			if !at.decide() {
				return
			}
			switch {
			case errors.Is(err, errOver):
			case err != nil:
				at.badStream(js, err)
			default:
				at.streamKept(js, attempt, n)
			}
		})
	}()
}

// writeStream keeps a stream in pieces. Those of attempts before go.
func (w *Workflow) writeStream(r *run, key string, attempt int64, body io.Reader) (total int64, err error) {
	err = r.commit(func() error {
		return w.db.Exec("DELETE FROM chunks WHERE instance = ? AND key = ? AND attempt > 0", r.in.seq, key)
	})
	buf := make([]byte, chunkSize)
	for place := 0; err == nil; place++ {
		n, readErr := io.ReadFull(body, buf)
		if n > 0 {
			if total += int64(n); total > streamLimit {
				return total, errTooLong
			}
			err = r.commit(func() error {
				return w.db.Exec("INSERT INTO chunks (instance, key, attempt, place, data) VALUES (?, ?, ?, ?, ?)", r.in.seq, key, attempt, place, buf[:n])
			})
		}
		if errors.Is(readErr, io.EOF) || errors.Is(readErr, io.ErrUnexpectedEOF) {
			return total, err
		}
		if err == nil && readErr != nil {
			err = readError(readErr)
		}
	}
	return total, err
}

var errTooLong = errors.New("The instance has exceeded the 1GiB storage limit")

// readError says why a stream could not be read, as callers see it.
func readError(err error) error {
	text := err.Error()
	var ex *jsg.Exception
	var je *jsg.Error
	if errors.As(err, &ex) {
		text = jsg.Describe(ex.Value).Message
	} else if errors.As(err, &je) {
		text = je.Message
	}
	if text == notBytes {
		return errors.New("Step returned a ReadableStream with unsupported chunk type. Only ArrayBuffer and TypedArray chunks are supported.")
	}
	return errors.New("Failed to read from step ReadableStream output. " + text)
}

const notBytes = "This ReadableStream did not return bytes."

func (at *attempt) streamKept(js *jsg.Scope, attempt, n int64) {
	d := at.d
	data := entry("stream", n, "attempt", attempt)
	if d.config.Sensitive != "" {
		data = []byte(`{"result":"[REDACTED]"}`)
	}
	at.complete(js, nil, attempt+1, data, func(js *jsg.Scope) {
		v := d.r.replayStream(js, d.key, attempt)
		d.r.register(d, v)
		d.result.Resolve(v)
	})
}

// badStream ends the instance.
func (at *attempt) badStream(js *jsg.Scope, err error) {
	at.decide()
	if err == errTooLong {
		at.giveUp(js, fatal("%s", err), fatal("%s", err))
		return
	}
	at.giveUp(js, fatal("%s", err), fatal("The execution of the Workflow instance was terminated, as the step \"%s\" returned an invalid ReadableStream output. %s", at.d.name, err))
}

// replayStream gives a stream that was kept.
func (r *run) replayStream(js *jsg.Scope, key string, attempt int64) jsg.Value {
	return streams.FromBody(js, &storedStream{w: r.w, in: r.in, key: key, attempt: attempt}).Wrap(js)
}

// storedStream reads a kept stream piece by piece.
type storedStream struct {
	w       *Workflow
	in      *Instance
	key     string
	attempt int64
	place   int64
	rest    bytes.Reader
}

var _ wire.Body = (*storedStream)(nil)

// Read implements io.Reader.
func (s *storedStream) Read(p []byte) (int, error) {
	if s.rest.Len() == 0 {
		data, err := s.w.chunk(s.in, s.key, s.attempt, s.place)
		if err != nil {
			return 0, err
		}
		if data == nil {
			return 0, io.EOF
		}
		s.place++
		s.rest.Reset(data)
	}
	return s.rest.Read(p)
}

// Close implements io.Closer.
func (s *storedStream) Close() error { return nil }

// Len implements wire.Body.
func (s *storedStream) Len() int64 { return -1 }

func (w *Workflow) chunk(in *Instance, key string, attempt, place int64) (data []byte, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.use(); err != nil {
		return nil, err
	}
	_, err = w.db.Row("SELECT data FROM chunks WHERE instance = ? AND key = ? AND attempt = ? AND place = ?", func(r *store.Stmt) { data = r.Blob(0) }, in.seq, key, attempt, place)
	return data, err
}

// previewLength is how many characters of a stream are shown.
const previewLength = 1024

// preview shows the beginning of a stream that was kept. The caller holds w.mu.
func (w *Workflow) preview(in *Instance, key string, attempt, total int64) (string, error) {
	var data []byte
	_, err := w.db.Row("SELECT data FROM chunks WHERE instance = ? AND key = ? AND attempt = ? AND place = 0", func(r *store.Stmt) { data = r.Blob(0) }, in.seq, key, attempt)
	if err != nil {
		return "", err
	}
	cut := int64(len(data)) < total
	if len(data) > 4*previewLength {
		data, cut = data[:4*previewLength], true
	}
	for i := 0; cut && i < utf8.UTFMax && !utf8.Valid(data) && len(data) > 0; i++ { // in the middle of a character
		data = data[:len(data)-1]
	}
	if !utf8.Valid(data) {
		return "[ReadableStream (binary): " + strconv.FormatInt(total, 10) + " bytes]", nil
	}
	runes := []rune(string(data))
	if len(runes) > previewLength {
		runes, cut = runes[:previewLength], true
	}
	if cut {
		return string(runes) + "[truncated output]", nil
	}
	return string(runes), nil
}
