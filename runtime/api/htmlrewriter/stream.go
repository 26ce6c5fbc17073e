package htmlrewriter

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"unicode/utf8"

	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

// job rewrites one document. It is the body that comes out as well.
//
// It runs ahead of its reader by one chunk. While it runs it counts as a pending
// operation of its event, since a handler may settle what somebody waits for;
// while it waits for its reader it does not.
type job struct {
	iso   *isolate.Isolate
	io    *iocontext.Context
	frame *iocontext.Frame
	src   wire.Body
	out   writer

	chunks chan []byte // one waits to be read; closed at the end
	closed chan struct{}
	once   sync.Once
	err    error // why chunks was closed

	mu      sync.Mutex
	waiting bool // for the reader

	op   *iocontext.Op // on the isolate's goroutine
	rest []byte        // the reader's
}

// writer collects output up to the next flush.
type writer struct{ bytes.Buffer }

// start begins to rewrite src.
func start(js *jsg.Scope, c *iocontext.Context, r *Rewriter, src wire.Body, enc codec) *job {
	j := &job{iso: isolate.Of(js), io: c, frame: iocontext.CurrentFrame(js), src: src,
		chunks: make(chan []byte, 1), closed: make(chan struct{})}
	j.begin(js)
	c.OnEnd(func() { j.src.Close() })
	// Handlers added later are for later documents.
	snapshot := &Rewriter{elements: r.elements[:len(r.elements):len(r.elements)], documents: r.documents[:len(r.documents):len(r.documents)]}
	source := newSource(src)
	source.wait = j.flush
	d := newDocument(snapshot, source, j, &j.out, enc)
	go j.main(d)
	return j
}

func (j *job) main(d *document) {
	err := d.rewrite()
	if err == nil {
		err = j.flush()
	}
	if err == nil {
		err = io.EOF
	}
	j.err = err
	close(j.chunks)
	j.src.Close()
	j.post(func(js *jsg.Scope) { j.drop() })
}

func (j *job) begin(js *jsg.Scope) {
	if j.op == nil {
		j.op = j.io.Begin(js)
	}
}

func (j *job) drop() {
	if j.op != nil {
		j.op.Drop()
		j.op = nil
	}
}

func (j *job) post(f func(js *jsg.Scope)) bool { return j.io.Post(j.frame, f) }

// await receives from ch unless nobody wants the result any more.
func (j *job) await(ch <-chan error) error {
	select {
	case err := <-ch:
		return err
	case <-j.closed:
		return io.ErrClosedPipe
	case <-j.io.Context().Done():
		return context.Cause(j.io.Context())
	case <-j.iso.Done():
		return isolate.ErrDisposed
	}
}

// flush gives the output so far to the reader, once it has taken what came
// before.
func (j *job) flush() error {
	if j.out.Len() == 0 {
		return nil
	}
	data := bytes.Clone(j.out.Bytes())
	j.out.Reset()
	j.mu.Lock()
	select {
	case j.chunks <- data:
		j.mu.Unlock()
		return nil
	default:
	}
	j.waiting = true
	j.post(func(*jsg.Scope) { j.drop() })
	j.mu.Unlock()
	select {
	case j.chunks <- data:
		return nil
	case <-j.closed:
		return io.ErrClosedPipe
	case <-j.io.Context().Done():
		return context.Cause(j.io.Context())
	case <-j.iso.Done():
		return isolate.ErrDisposed
	}
}

// Len implements wire.Body.
func (j *job) Len() int64 { return -1 }

// Read implements io.Reader.
func (j *job) Read(p []byte) (int, error) {
	for len(j.rest) == 0 {
		select {
		case data, ok := <-j.chunks:
			if !ok {
				return 0, j.err
			}
			j.rest = data
		case <-j.closed:
			return 0, io.ErrClosedPipe
		}
		j.mu.Lock()
		if j.waiting {
			j.waiting = false
			j.post(j.begin)
		}
		j.mu.Unlock()
	}
	n := copy(p, j.rest)
	j.rest = j.rest[n:]
	return n, nil
}

// Close implements io.Closer: it cancels the document.
func (j *job) Close() error {
	j.Cancel(jsg.Errorf("The stream was cancelled."))
	return nil
}

// Cancel implements wire.Canceler.
func (j *job) Cancel(reason error) {
	j.once.Do(func() {
		close(j.closed)
		if c, ok := j.src.(wire.Canceler); ok {
			c.Cancel(reason)
		}
		j.src.Close()
	})
}

// call implements runner.
func (j *job) call(t token, handlers []*handler) error {
	done := make(chan error, 1)
	j.post(func(js *jsg.Scope) {
		if j.io.Context().Err() == nil {
			j.next(js, t, t.wrap(js), handlers, done)
		}
	})
	return j.await(done)
}

// next calls the first handler, and the others after it.
func (j *job) next(js *jsg.Scope, t token, object *jsg.Object, handlers []*handler, done chan<- error) {
	finish := func(err error) {
		t.end()
		done <- portable(err)
	}
	for len(handlers) > 0 {
		h := handlers[0]
		handlers = handlers[1:]
		v, err := js.Call(h.f, h.this, object)
		if err != nil {
			finish(err)
			return
		}
		if _, ok := jsg.IsObject(v); !ok {
			continue
		}
		// What the handler waits for has operations of its own; if it has not, it
		// waits in vain.
		j.drop()
		j.io.Await(js, v, func(js *jsg.Scope, _ jsg.Value, err error) {
			j.begin(js)
			if err != nil {
				finish(err)
				return
			}
			j.next(js, t, object, handlers, done)
		})
		return
	}
	finish(nil)
}

// portable is an exception as an error that may leave the isolate's goroutine.
func portable(err error) error {
	var ex *jsg.Exception
	if !errors.As(err, &ex) {
		return err
	}
	d := jsg.Describe(ex.Value)
	if d.Name == "" {
		d.Name = "Error"
	}
	return &jsg.Error{Name: d.Name, Message: d.Message}
}

// take implements runner.
func (j *job) take(c content) (io.ReadCloser, error) {
	var body wire.Body
	done := make(chan error, 1)
	j.post(func(js *jsg.Scope) {
		if c.stream.Locked() {
			done <- jsg.TypeErrorf("The ReadableStream has been locked to a reader.")
			return
		}
		var err error
		body, err = c.stream.TakeBody(js)
		done <- portable(err)
	})
	if err := j.await(done); err != nil {
		return nil, err
	}
	return body, nil
}

// emitStream writes content that is a stream, as it comes.
func (d *document) emitStream(c content) error {
	body, err := d.run.take(c)
	if err != nil {
		return err
	}
	defer body.Close()
	buf := make([]byte, 32<<10)
	held := 0
	for {
		n, err := body.Read(buf[held:])
		n += held
		end := validPrefix(buf[:n])
		if held = n - end; held >= utf8.UTFMax || held > 0 && (err != nil || utf8.FullRune(buf[end:n])) {
			return parserError("Invalid UTF-8")
		}
		d.out.Write(d.codec.encode(c.escape(string(buf[:end]))))
		copy(buf, buf[end:n])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := d.src.wait(); err != nil {
			return err
		}
	}
}
