package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/rogpeppe/go-internal/testscript"
)

// sessionKey is where a script keeps what it knows of its dev session.
type sessionKey struct{}

// devSession is the dev session of a script, as its events tell.
type devSession struct {
	offset int64 // how far the events were read
	url    string
}

// patience is how long a script waits for an event: an answer to the question
// whether it comes at all, not how fast.
const patience = 30 * time.Second

func setupScript(env *testscript.Env) error {
	env.Setenv("WRANGLER_OUTPUT_FILE_PATH", filepath.Join(env.WorkDir, ".events"))
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return err
	}
	env.Setenv("EXAMPLES", filepath.Join(root, "examples"))
	env.Setenv("TESTDATA", filepath.Join(root, "cmd", "miniworker", "testdata"))
	env.Values[sessionKey{}] = &devSession{}
	return nil
}

// scriptCommands are the commands scripts have beside the usual ones.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"await": await, "fetch": fetch, "ws": ws, "edit": edit, "listen": listen, "burst": burst, "appear": appear,
}

// await TYPE [KEY=VALUE]... waits for the next event of that type whose fields
// have these values; builds that changed nothing do not count. "ready" also
// sets $URL, $PORT and $PID.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: await TYPE [KEY=VALUE]...")
	}
	s := ts.Value(sessionKey{}).(*devSession)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for {
		if e := s.next(ts, args); e != nil {
			if args[0] == "ready" {
				s.url = e["url"].(string)
				ts.Setenv("URL", s.url)
				ts.Setenv("PORT", fmt.Sprint(e["port"]))
				ts.Setenv("PID", fmt.Sprintf("%.0f", e["pid"]))
			}
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			text, _ := os.ReadFile(ts.MkAbs(".events"))
			ts.Fatalf("no event %v within %v; the events were:\n%s", args, patience, text)
		}
	}
}

// appear FILE waits until a file exists and has content.
func appear(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: appear FILE")
	}
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(patience); ; {
		if st, err := os.Stat(ts.MkAbs(args[0])); err == nil && st.Size() > 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			ts.Fatalf("%s did not appear", args[0])
		}
	}
}

// next reads on and gives the first event that matches.
func (s *devSession) next(ts *testscript.TestScript, args []string) map[string]any {
	text, err := os.ReadFile(ts.MkAbs(".events"))
	if err != nil {
		return nil
	}
	for int(s.offset) < len(text) {
		line, _, whole := bytes.Cut(text[s.offset:], []byte("\n"))
		if !whole {
			return nil
		}
		s.offset += int64(len(line)) + 1
		var e map[string]any
		if json.Unmarshal(line, &e) != nil || e["type"] != args[0] || e["unchanged"] == true {
			continue
		}
		if !slices.ContainsFunc(args[1:], func(want string) bool {
			key, value, _ := strings.Cut(want, "=")
			return fmt.Sprint(e[key]) != value
		}) {
			return e
		}
	}
	return nil
}

// fetch [-X METHOD] [-H 'NAME: VALUE']... [-d BODY] PATH prints status, headers
// and body. With !, it must not get an answer.
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	req := requestOf(ts, args)
	resp, err := httpClient.Do(req)
	if neg {
		if err == nil {
			resp.Body.Close()
			ts.Fatalf("got an answer: %s", resp.Status)
		}
		return
	}
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	w := ts.Stdout()
	fmt.Fprintf(w, "status %d\n", resp.StatusCode)
	ts.Check(resp.Header.Write(w))
	fmt.Fprintf(w, "\n%s\n", body)
}

var httpClient = &http.Client{
	Timeout:       patience,
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func requestOf(ts *testscript.TestScript, args []string) *http.Request {
	method, body, header := "GET", "", http.Header{}
	for len(args) > 1 {
		switch args[0] {
		case "-X":
			method = args[1]
		case "-d":
			body = args[1]
		case "-H":
			name, value, _ := strings.Cut(args[1], ":")
			header.Add(name, strings.TrimSpace(value))
		default:
			ts.Fatalf("unknown argument %s", args[0])
		}
		args = args[2:]
	}
	if len(args) != 1 {
		ts.Fatalf("usage: fetch [-X METHOD] [-H HEADER]... [-d BODY] PATH")
	}
	req, err := http.NewRequest(method, ts.Value(sessionKey{}).(*devSession).url+args[0], strings.NewReader(body))
	ts.Check(err)
	if body == "" {
		req.Body = http.NoBody
	}
	req.Header = header
	if h := header.Get("Host"); h != "" {
		req.Host = h
	}
	return req
}

// ws [-H HEADER]... PATH [MESSAGE]... opens a WebSocket, sends each message and
// prints the answer to it. With !, the upgrade must be refused; the status is
// printed.
func ws(ts *testscript.TestScript, neg bool, args []string) {
	i := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, "/") })
	if i < 0 {
		ts.Fatalf("usage: ws [-H HEADER]... PATH [MESSAGE]...")
	}
	req := requestOf(ts, args[:i+1])
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, resp, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(req.URL.String(), "http"), &websocket.DialOptions{HTTPHeader: req.Header, Host: req.Host})
	if neg {
		if err == nil {
			conn.CloseNow()
			ts.Fatalf("the socket opened")
		}
		if resp == nil {
			ts.Fatalf("no answer: %v", err)
		}
		fmt.Fprintf(ts.Stdout(), "status %d\n", resp.StatusCode)
		return
	}
	ts.Check(err)
	defer conn.CloseNow()
	for _, m := range args[i+1:] {
		ts.Check(conn.Write(ctx, websocket.MessageText, []byte(m)))
		_, data, err := conn.Read(ctx)
		ts.Check(err)
		fmt.Fprintf(ts.Stdout(), "%s\n", data)
	}
	ts.Check(conn.Close(websocket.StatusNormalClosure, ""))
}

// edit [-rename] FILE OLD NEW replaces text in a file: in place, or as editors
// do that write a new file and rename it over the old one.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	rename := len(args) > 0 && args[0] == "-rename"
	if rename {
		args = args[1:]
	}
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit [-rename] FILE OLD NEW")
	}
	path := ts.MkAbs(args[0])
	text, err := os.ReadFile(path)
	ts.Check(err)
	if !strings.Contains(string(text), args[1]) {
		ts.Fatalf("%s does not contain %q", args[0], args[1])
	}
	changed := []byte(strings.Replace(string(text), args[1], args[2], 1))
	if !rename {
		ts.Check(os.WriteFile(path, changed, 0o644))
		return
	}
	ts.Check(os.WriteFile(path+".tmp~", changed, 0o644))
	ts.Check(os.Rename(path+".tmp~", path))
}

// listen takes a free port until the script ends and sets $TAKEN to it.
func listen(ts *testscript.TestScript, neg bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Setenv("TAKEN", port)
}

// burst N PATH makes N requests side by side; all must be answered with 200.
func burst(ts *testscript.TestScript, neg bool, args []string) {
	var n int
	if len(args) != 2 {
		ts.Fatalf("usage: burst N PATH")
	}
	if _, err := fmt.Sscan(args[0], &n); err != nil {
		ts.Fatalf("%v", err)
	}
	failures := make(chan error, n)
	for range n {
		req := requestOf(ts, args[1:])
		go func() {
			resp, err := httpClient.Do(req)
			if err == nil {
				_, err = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if resp.StatusCode != 200 {
					err = errors.Join(err, fmt.Errorf("status %d", resp.StatusCode))
				}
			}
			failures <- err
		}()
	}
	for range n {
		ts.Check(<-failures)
	}
}
