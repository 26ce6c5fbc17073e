//go:build unix

package apptest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// patience is how long a test waits for something that has to happen.
const patience = 20 * time.Second

// program is a running miniworker.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  *output
	done chan struct{} // closed when the process has ended
	// addr is where it listens, url the same as a URL.
	addr, url string
	client    *http.Client
}

// start runs "miniworker dev" for the project in dir and waits until it says
// where it listens. When the test ends it is stopped, and must end well.
func start(t *testing.T, dir, state string, args ...string) *program {
	t.Helper()
	p := launch(t, dir, append([]string{"--persist-to", state}, args...)...)
	m := p.out.wait(t, listening)
	p.addr, p.url = "127.0.0.1:"+m[1], "http://127.0.0.1:"+m[1]
	return p
}

var listening = regexp.MustCompile(`http://localhost:(\d+)`)

// launch runs "miniworker dev" on a free port, without waiting.
func launch(t *testing.T, dir string, args ...string) *program {
	t.Helper()
	p := spawn(t, dir, args...)
	t.Cleanup(func() {
		p.stop(syscall.SIGTERM)
		if t.Failed() {
			t.Logf("miniworker printed:\n%s", p.out)
		}
	})
	return p
}

// launchFailing runs "miniworker dev" where it has to give up by itself.
func launchFailing(t *testing.T, dir string, args ...string) *program {
	t.Helper()
	p := spawn(t, dir, args...)
	p.wait()
	return p
}

func spawn(t *testing.T, dir string, args ...string) *program {
	t.Helper()
	if !strings.Contains(strings.Join(args, " "), "--port") {
		args = append([]string{"--port", "0"}, args...)
	}
	p := &program{
		t: t, out: newOutput(), done: make(chan struct{}),
		cmd: exec.Command(cmp.Or(os.Getenv(binaryVariable), binary), append([]string{"dev"}, args...)...),
		client: &http.Client{
			Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	p.cmd.Dir = dir
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.cmd.Env = append(os.Environ(), "NO_COLOR=1", "GORACE=exitcode=66 atexit_sleep_ms=0")
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // ProcessState tells
		close(p.done)
	}()
	t.Cleanup(p.client.CloseIdleConnections)
	return p
}

// stop sends a signal, unless the program has ended already, waits for its end
// and requires a good one.
func (p *program) stop(sig syscall.Signal) {
	p.t.Helper()
	select {
	case <-p.done:
	default:
		_ = p.cmd.Process.Signal(sig)
		p.wait()
	}
	if strings.Contains(p.out.String(), "DATA RACE") {
		p.t.Error("the race detector found something")
	}
	status := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() && status.Signal() == syscall.SIGKILL {
		return // by the test
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		p.t.Errorf("miniworker ended with exit code %d", code)
	}
}

// wait waits for the end of the process.
func (p *program) wait() {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		_ = p.cmd.Process.Signal(syscall.SIGQUIT) // its goroutines, for the log
		select {
		case <-p.done:
		case <-time.After(patience):
		}
		_ = p.cmd.Process.Kill()
		<-p.done
		p.t.Errorf("miniworker does not stop")
	}
}

// kill ends the program as a power failure would.
func (p *program) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	<-p.done
}

// answer is a whole HTTP response.
type answer struct {
	status int
	header http.Header
	body   string
}

// do sends a request and reads all of the answer. host is the Host header, ""
// for the address itself.
func (p *program) do(method, path, host string, header http.Header, body io.Reader) (answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, p.url+path, body)
	if err != nil {
		return answer{}, err
	}
	r.Host = host
	for k, v := range header {
		r.Header[http.CanonicalHeaderKey(k)] = v
	}
	resp, err := p.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(text)}, err
}

func (p *program) get(t *testing.T, path string) answer {
	t.Helper()
	a, err := p.do(http.MethodGet, path, "", nil, nil)
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return a
}

func (p *program) post(t *testing.T, path, contentType, body string) answer {
	t.Helper()
	a, err := p.do(http.MethodPost, path, "", http.Header{"Content-Type": {contentType}}, strings.NewReader(body))
	if err != nil {
		t.Fatalf("POST %s: %v", path, err)
	}
	return a
}

// dial opens a plain connection, closed with the test.
func (p *program) dial(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return c
}

// eventually repeats check until it reports success.
func eventually(t *testing.T, what string, within time.Duration, check func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(within)
	for !check() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("after %v: still not so: %s", within, what)
		}
	}
}

// output keeps what a program prints.
type output struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	more chan struct{} // closed at the next write
}

func newOutput() *output { return &output{more: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.more)
	o.more = make(chan struct{})
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// wait waits until a pattern is printed.
func (o *output) wait(t *testing.T, re *regexp.Regexp) []string {
	t.Helper()
	limit := time.After(patience)
	for {
		o.mu.Lock()
		text, more := o.buf.String(), o.more
		o.mu.Unlock()
		if m := re.FindStringSubmatch(text); m != nil {
			return m
		}
		select {
		case <-more:
		case <-limit:
			t.Fatalf("miniworker does not print %s", re)
		}
	}
}

// waitAny waits until anything is printed.
func (o *output) waitAny(t *testing.T) {
	t.Helper()
	o.wait(t, regexp.MustCompile(`.`))
}

// frame is what comes out of a WebSocket: a message, or its close.
type frame struct {
	data   string
	binary bool
	closed bool
	code   int
	reason string
}

// socket is a WebSocket client that queues what it gets.
type socket struct {
	conn   *websocket.Conn
	frames chan frame
}

// connect opens a WebSocket. The response is that of the handshake.
func (p *program) connect(t *testing.T, path, host string) (*socket, *http.Response, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, resp, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(p.url, "http")+path, &websocket.DialOptions{HTTPClient: p.client, Host: host})
	if err != nil {
		return nil, resp, err
	}
	conn.SetReadLimit(-1)
	s := &socket{conn, make(chan frame, 1024)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.read()
	}()
	t.Cleanup(func() {
		conn.CloseNow()
		<-ended
	})
	return s, resp, nil
}

func (s *socket) read() {
	for {
		typ, data, err := s.conn.Read(context.Background())
		if err != nil {
			f := frame{closed: true, code: 1006}
			if ce, ok := errors.AsType[websocket.CloseError](err); ok {
				f.code, f.reason = int(ce.Code), ce.Reason
			}
			s.frames <- f
			return
		}
		s.frames <- frame{data: string(data), binary: typ == websocket.MessageBinary}
	}
}

func (s *socket) next() (frame, error) {
	select {
	case f := <-s.frames:
		return f, nil
	case <-time.After(patience):
		return frame{}, errors.New("nothing comes")
	}
}

func (s *socket) send(t *testing.T, typ websocket.MessageType, data []byte) {
	t.Helper()
	if err := s.write(typ, data); err != nil {
		t.Fatal(err)
	}
}

func (s *socket) write(typ websocket.MessageType, data []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return s.conn.Write(ctx, typ, data)
}

func example(name string) string { return filepath.Join(root, "examples", name) }

func app(name string) string { return filepath.Join(root, "testdata", "apps", name) }
