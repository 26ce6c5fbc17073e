package fetch

import (
	"context"
	"net/http"
	"strings"

	"github.com/miniworker/miniworker/internal/trace"
	"github.com/miniworker/miniworker/runtime/api/body"
	"github.com/miniworker/miniworker/runtime/api/events"
	"github.com/miniworker/miniworker/runtime/api/sockets"
	"github.com/miniworker/miniworker/runtime/api/url"
	"github.com/miniworker/miniworker/runtime/iocontext"
	"github.com/miniworker/miniworker/runtime/isolate"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/rpc"
	"github.com/miniworker/miniworker/runtime/wire"
)

// Install defines the global fetch, which goes to the isolate's outbound.
func Install(js *jsg.Scope) {
	js.DefineGlobal("fetch", js.GlobalFunc("fetch", 1, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
		return fetchPromise(js, a, iocontext.Outbound(js), ""), nil
	}))
}

// Fetcher is the Go side of a service binding, an assets binding, or any other
// thing with fetch().
type Fetcher struct {
	jsg.Instance
	Target wire.Fetcher
	// RPC is where calls of other methods go, nil where there are none.
	RPC rpc.Callee
	// Name is the binding's name, for traces.
	Name string
}

var fetcherClass = &jsg.Class[Fetcher]{Name: "Fetcher"}

// FetcherClass is the parent of classes that are fetchers (Durable Object stubs).
func FetcherClass() *jsg.Class[Fetcher] { return fetcherClass }

// NewFetcher makes the object of a binding. Its other methods are calls of the
// target if that is an rpc.Callee.
func NewFetcher(js *jsg.Scope, name string, target wire.Fetcher) *jsg.Object {
	callee, _ := target.(rpc.Callee)
	return fetcherClass.Wrap(js, &Fetcher{Target: target, RPC: callee, Name: name})
}

// Callee implements rpc.Source. A call of a binding is a subrequest; one of what
// it gave is not.
func (f *Fetcher) Callee(js *jsg.Scope) (rpc.Callee, error) {
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	if _, err := c.Subrequest(js); err != nil {
		return nil, err
	}
	return f.RPC, nil
}

// Label implements rpc.Source.
func (f *Fetcher) Label() string { return f.Name }

// Member is what a fetcher has under a name that its class does not define.
func (f *Fetcher) Member(js *jsg.Scope, name string) (jsg.Value, error) {
	// A binding is no promise, and printing it as JSON is no call.
	if f.RPC == nil || name == "then" || name == "toJSON" || !js.Flag("rpc") {
		return jsg.Undefined, nil
	}
	return rpc.Property(js, f, name), nil
}

func init() {
	fetcherClass.Wildcard = (*Fetcher).Member
	fetcherClass.Members = jsg.Members[Fetcher]{
		jsg.Async("fetch", 1, func(f *Fetcher, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return fetchPromise(js, a, f.Target, f.Name), nil
		}),
		jsg.Method("connect", 0, func(f *Fetcher, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			return sockets.ConnectTo(js, a, f.Target, f.Name)
		}),
	}
}

// fetchPromise is fetch(input, init) on any target. binding is empty for the
// global fetch.
func fetchPromise(js *jsg.Scope, a *jsg.Args, target wire.Fetcher, binding string) jsg.Value {
	if err := a.Require(1); err != nil {
		return js.Rejected(err)
	}
	// As the specification has it, the arguments make a Request first.
	r, err := newRequest(js, a)
	if err != nil {
		return js.Rejected(err)
	}
	if r.signal != nil && r.signal.Aborted() {
		return js.Rejected(jsg.Thrown(r.signal.Reason()))
	}
	if answer := fetchData(js, r); answer != nil {
		return answer
	}
	if !strings.HasPrefix(r.url, "http:") && !strings.HasPrefix(r.url, "https:") {
		return js.Rejected(jsg.TypeErrorf("Fetch API cannot load: %s", r.url))
	}
	w, err := r.ToWire(js)
	if err != nil {
		return js.Rejected(err)
	}
	return start(js, r, w, target, binding)
}

// Get is fetch(href, {headers}) for Go code, through f or, if that is nil, the
// global fetch. href is a WHATWG URL.
func Get(js *jsg.Scope, href string, h http.Header, f *Fetcher) jsg.Value {
	target, binding := iocontext.Outbound(js), ""
	if f != nil {
		target, binding = f.Target, f.Name
	}
	r := &Request{method: http.MethodGet, url: href, header: h, redirect: "follow"}
	if !strings.HasPrefix(href, "http:") && !strings.HasPrefix(href, "https:") {
		return js.Rejected(jsg.TypeErrorf("Fetch API cannot load: %s", href))
	}
	w, err := r.ToWire(js)
	if err != nil {
		return js.Rejected(err)
	}
	return start(js, r, w, target, binding)
}

// Beacon is navigator.sendBeacon: a POST that nobody waits for, but the event
// lasts until it is done.
func Beacon(js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
	href := a.String(0)
	if err := a.Err(); err != nil {
		return nil, err
	}
	c, err := iocontext.Require(js)
	if err != nil {
		return nil, err
	}
	b, contentType, err := body.Extract(js, a.Value(1))
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(href, "")
	if err != nil {
		return js.Bool(true), nil // as workerd answers
	}
	r := &Request{Body: b, method: http.MethodPost, url: u.Href(), header: http.Header{}, redirect: "follow"}
	if contentType != "" {
		r.header["Content-Type"] = []string{contentType}
	}
	w, err := r.ToWire(js)
	if err != nil {
		return nil, err
	}
	done := func(*jsg.Scope, jsg.Value) (jsg.Value, error) { return jsg.Undefined, nil }
	c.WaitUntil(js, js.Then(start(js, r, w, iocontext.Outbound(js), ""), done, done))
	return js.Bool(true), nil
}

// orderly is a target that must see requests in the order they were sent, as
// Durable Objects do. Order is called when a request is sent; what it returns
// takes that request and must be given it.
type orderly interface{ Order() wire.Fetcher }

// start sends the request and gives the promise of its Response.
func start(js *jsg.Scope, r *Request, w *wire.Request, target wire.Fetcher, binding string) jsg.Value {
	c, err := iocontext.Require(js)
	if err != nil {
		return js.Rejected(err)
	}
	count, err := c.Subrequest(js)
	if err != nil {
		if w.Body != nil {
			w.Body.Close()
		}
		return js.Rejected(err)
	}
	iso := isolate.Of(js)
	w.Zone, w.Hops, w.Calls, w.Entry = c.Zone, c.Hops, c.Invocations(), c.Entry
	record := trace.Record{Kind: trace.Subrequest, Span: trace.NewSpan(), Parent: iocontext.CurrentFrame(js).Span, Worker: iso.Name(),
		Name: w.Method + " " + w.URL, Target: binding, Time: iso.Clock().Now()}
	w.Span = record.Span
	ctx, cancel := context.WithCancel(c.Context()) // released with the event
	p := js.NewPromise()
	op := c.Begin(js)
	var abortable *abortableBody
	abort := func(js *jsg.Scope, reason jsg.Value) {
		if abortable != nil {
			abortable.abort(reason)
		}
		cancel()
		op.Drop()
		p.Reject(js, events.AbortError(reason))
	}
	removeAbort := func() {}
	if r.signal != nil {
		removeAbort = r.signal.OnAbort(js, abort)
	}
	c.Output(func() {
		if o, ok := target.(orderly); ok {
			target = o.Order()
		}
		ctx, errand := iso.Errand(ctx)
		go func() {
			defer errand.Done()
			resp, err := follow(ctx, target, w, count)
			report(iso, record, resp, err)
			op.Finish(func(js *jsg.Scope) {
				if err != nil {
					removeAbort()
					p.Reject(js, fetchError(err))
					return
				}
				if w.Method == "HEAD" && resp.Body != nil { // a worker may answer with one
					resp.Body.Close()
					resp.Body = nil
				}
				if r.signal != nil && resp.Body != nil {
					abortable = &abortableBody{Body: resp.Body}
					resp.Body = abortable
				}
				p.Resolve(WrapResponse(js, resp))
			})
		}()
	})
	return p.Promise()
}

func report(iso *isolate.Isolate, rec trace.Record, resp *wire.Response, err error) {
	if !iso.Trace().Active() {
		return
	}
	rec.Duration = iso.Clock().Now().Sub(rec.Time)
	if err != nil {
		rec.Error = err.Error()
	} else {
		rec.Status = resp.Status
		if rec.Target == "" {
			rec.Target = resp.By
		}
	}
	iso.Trace().Emit(rec)
}

// fetchError keeps errors that were made for JavaScript and hides the rest.
func fetchError(err error) error {
	if _, ok := err.(*jsg.Error); ok {
		return err
	}
	return &jsg.Error{Name: "Error", Message: "Network connection lost.", Cause: err}
}

const maxRedirects = 20

// follow sends a request and follows redirects through the same target, as
// workers see it: the callee always gets redirect "manual".
func follow(ctx context.Context, target wire.Fetcher, w *wire.Request, count func() error) (*wire.Response, error) {
	mode := w.Redirect
	w.Redirect = "manual"
	var replay *wire.BytesBody
	if b, ok := w.Body.(*wire.BytesBody); ok {
		replay = wire.NewBytesBody(b.Bytes())
	}
	hadBody := w.Body != nil
	var visited []string
	for hop := 0; ; hop++ {
		next := *w // the callee owns what it gets
		next.Header = w.Header.Clone()
		frameBody(&next)
		resp, err := target.Fetch(ctx, &next)
		if err != nil {
			return nil, err
		}
		if resp.URL == "" {
			resp.URL = w.URL
		}
		resp.Redirected = resp.Redirected || hop > 0
		location := resp.Header.Get("Location")
		if mode != "follow" || !redirectStatus(resp.Status) || location == "" {
			return resp, nil
		}
		if resp.Body != nil {
			resp.Body.Close()
		}
		if hop == maxRedirects {
			return nil, jsg.TypeErrorf("Too many redirects.%s", strings.Join(append(visited, w.URL), ", ")).(*jsg.Error)
		}
		if err := count(); err != nil {
			return nil, err
		}
		to, err := url.Parse(location, w.URL)
		if err != nil {
			return nil, jsg.TypeErrorf("Invalid redirect location: %s", location).(*jsg.Error)
		}
		visited = append(visited, w.URL)
		if err := redirectRequest(w, resp.Status, to.WithoutHash(), hadBody, replay); err != nil {
			return nil, err
		}
	}
}

func redirectStatus(s int) bool { return s == 301 || s == 302 || s == 303 || s == 307 || s == 308 }

// redirectRequest rewrites w for the next hop (Fetch, "HTTP-redirect fetch").
func redirectRequest(w *wire.Request, status int, to string, hadBody bool, replay *wire.BytesBody) error {
	if status == 303 && w.Method != "GET" && w.Method != "HEAD" || (status == 301 || status == 302) && w.Method == "POST" {
		w.Method, w.Body = "GET", nil
		for _, h := range []string{"Content-Length", "Transfer-Encoding"} {
			w.Header.Del(h)
		}
	} else if hadBody && w.Body != nil {
		if replay == nil {
			return jsg.TypeErrorf("A request with a one-time-use body (it was initialized from a stream, not a buffer) encountered a redirect requiring the body to be retransmitted. To avoid this error in the future, construct this request from a buffer-like body initializer.")
		}
		w.Body = wire.NewBytesBody(replay.Bytes())
	}
	if !sameOrigin(w.URL, to) {
		w.Header.Del("Authorization")
	}
	w.URL = to
	return nil
}

func sameOrigin(a, b string) bool {
	x, errX := url.Parse(a, "")
	y, errY := url.Parse(b, "")
	return errX == nil && errY == nil && x.Origin() == y.Origin()
}
