//go:build unix

package apptest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// transcript is testdata/apps/NAME/transcript.json; the README beside it says
// what it means.
type transcript struct {
	Schema           int
	Apps             []string
	Origin, Observed string
	Steps            []step
}

type step struct {
	Name string

	Request *struct {
		Method, Path string
		Headers      map[string]string
		Body, JSON   any
	}
	Expect   *expectation
	Capture  map[string]string
	WithinMs int

	Connect, Path               string
	Send, Receive               string
	Close, ReceiveClose, Base64 string
	Text, JSON                  any
	Code                        int
	Reason                      *string
}

type expectation struct {
	Status     int
	Headers    map[string]any
	Text, JSON any
}

// TestTranscripts replays every transcript against every app it is of.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob(app("*/transcript.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var tr transcript
		// A misspelt key must not go unnoticed.
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&tr); err != nil {
			t.Fatal(file, err)
		}
		if tr.Schema != 1 || len(tr.Apps) == 0 || len(tr.Steps) == 0 {
			t.Fatalf("%s: schema %d, %d apps, %d steps", file, tr.Schema, len(tr.Apps), len(tr.Steps))
		}
		for _, dir := range tr.Apps {
			t.Run(filepath.Base(dir), func(t *testing.T) {
				t.Parallel()
				replay(t, &tr, start(t, filepath.Join(root, dir), t.TempDir()))
			})
		}
	}
}

// replayer is the state of one replay.
type replayer struct {
	t       *testing.T
	p       *program
	host    string
	vars    map[string]string
	sockets map[string]*socket
}

func replay(t *testing.T, tr *transcript, p *program) {
	origin, err := url.Parse(tr.Origin)
	if err != nil {
		t.Fatal(err)
	}
	r := &replayer{t, p, origin.Host, map[string]string{}, map[string]*socket{}}
	for i, s := range tr.Steps {
		if err := r.run(&s); err != nil {
			t.Fatalf("step %d (%s): %v", i, s.Name, err)
		}
	}
}

func (r *replayer) run(s *step) error {
	switch {
	case s.Request != nil:
		return r.request(s)
	case s.Connect != "":
		return r.connect(s)
	}
	name := s.Send + s.Receive + s.Close + s.ReceiveClose
	sock := r.sockets[name]
	if sock == nil {
		return fmt.Errorf("no client %q is connected", name)
	}
	switch {
	case s.Send != "":
		return r.send(sock, s)
	case s.Close != "":
		var reason string
		if s.Reason != nil {
			reason = *s.Reason
		}
		// The answer is what a later step is about.
		go sock.conn.Close(websocket.StatusCode(s.Code), reason)
		return nil
	}
	f, err := sock.next()
	if err != nil {
		return err
	}
	if s.ReceiveClose != "" {
		if !f.closed || f.code != s.Code || s.Reason != nil && f.reason != *s.Reason {
			return fmt.Errorf("want close %d, got %+v", s.Code, f)
		}
		return nil
	}
	if f.closed {
		return fmt.Errorf("want a message, got %+v", f)
	}
	if s.Text != nil {
		return r.compare("text", s.Text, f.data)
	}
	return r.compareJSON(s.JSON, f.data)
}

func (r *replayer) request(s *step) error {
	until := time.Now().Add(time.Duration(s.WithinMs) * time.Millisecond)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		a, err := r.ask(s)
		if err == nil {
			err = r.check(s.Expect, a)
		}
		if err == nil {
			return r.capture(s.Capture, a)
		}
		if !time.Now().Before(until) {
			return err
		}
		<-tick.C
	}
}

func (r *replayer) ask(s *step) (answer, error) {
	header := http.Header{}
	for k, v := range s.Request.Headers {
		header.Set(k, r.fill(v))
	}
	var body io.Reader
	switch q := s.Request; {
	case q.JSON != nil:
		b, err := json.Marshal(r.expand(q.JSON))
		if err != nil {
			return answer{}, err
		}
		body = bytes.NewReader(b)
	case q.Body != nil:
		body = strings.NewReader(r.expand(q.Body).(string))
	}
	return r.p.do(s.Request.Method, r.fill(s.Request.Path), r.host, header, body)
}

func (r *replayer) check(want *expectation, a answer) error {
	if a.status != want.Status {
		return fmt.Errorf("want status %d, got %d: %.200s", want.Status, a.status, a.body)
	}
	for k, v := range want.Headers {
		var got any
		if list := a.header.Values(k); len(list) > 0 {
			got = strings.Join(list, ", ")
		}
		if err := r.compare(k, v, got); err != nil {
			return err
		}
	}
	if want.Text != nil {
		return r.compare("text", want.Text, a.body)
	}
	if want.JSON != nil {
		return r.compareJSON(want.JSON, a.body)
	}
	return nil
}

func (r *replayer) capture(what map[string]string, a answer) error {
	for name, from := range what {
		kind, arg, _ := strings.Cut(from, " ")
		switch kind {
		case "header":
			r.vars[name] = a.header.Get(arg)
		case "json":
			var top map[string]any
			if err := json.Unmarshal([]byte(a.body), &top); err != nil {
				return err
			}
			r.vars[name], _ = top[arg].(string)
		case "text":
			if m := regexp.MustCompile(arg).FindStringSubmatch(a.body); len(m) > 1 {
				r.vars[name] = m[1]
			}
		}
		if r.vars[name] == "" {
			return fmt.Errorf("nothing to capture by %q", from)
		}
	}
	return nil
}

func (r *replayer) connect(s *step) error {
	sock, resp, err := r.p.connect(r.t, r.fill(s.Path), r.host)
	if s.Expect == nil {
		r.sockets[s.Connect] = sock
		return err
	}
	if err == nil {
		return fmt.Errorf("want status %d, got a connection", s.Expect.Status)
	}
	if resp == nil {
		return err
	}
	if resp.StatusCode != s.Expect.Status {
		return fmt.Errorf("want status %d, got %d", s.Expect.Status, resp.StatusCode)
	}
	return nil
}

func (r *replayer) send(sock *socket, s *step) error {
	switch {
	case s.Base64 != "":
		data, err := base64.StdEncoding.DecodeString(s.Base64)
		if err != nil {
			return err
		}
		sock.send(r.t, websocket.MessageBinary, data)
	case s.Text != nil:
		sock.send(r.t, websocket.MessageText, []byte(r.expand(s.Text).(string)))
	default:
		data, err := json.Marshal(r.expand(s.JSON))
		if err != nil {
			return err
		}
		sock.send(r.t, websocket.MessageText, data)
	}
	return nil
}

var variable = regexp.MustCompile(`\$\{(\w+)\}`)

// fill puts captured values in the place of ${name}.
func (r *replayer) fill(s string) string {
	return variable.ReplaceAllStringFunc(s, func(v string) string { return r.vars[v[2:len(v)-1]] })
}

// expand is a value to send.
func (r *replayer) expand(v any) any {
	switch v := v.(type) {
	case string:
		return r.fill(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = r.expand(e)
		}
		return out
	case map[string]any:
		if s, ok := v["repeat"].(string); ok {
			n, _ := v["times"].(float64)
			return strings.Repeat(s, int(n))
		}
		out := map[string]any{}
		for k, e := range v {
			out[k] = r.expand(e)
		}
		return out
	}
	return v
}

func (r *replayer) compareJSON(want any, text string) error {
	var got any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		return fmt.Errorf("not JSON: %.200q", text)
	}
	return r.compare("$", want, got)
}

// compare reports where a value is not as wanted.
func (r *replayer) compare(at string, want, got any) error {
	wrong := fmt.Errorf("%s: want %#v, got %#v", at, want, got)
	same := false
	switch w := want.(type) {
	case string:
		same = r.compareString(w, got)
	case map[string]any:
		if list, ok := w["$contains"].([]any); ok {
			return r.contains(at, list, got)
		}
		g, ok := got.(map[string]any)
		if !ok || len(g) != len(w) {
			return wrong
		}
		for k := range w {
			v, ok := g[k]
			if !ok {
				return wrong
			}
			if err := r.compare(at+"."+k, w[k], v); err != nil {
				return err
			}
		}
		return nil
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return wrong
		}
		for i := range w {
			if err := r.compare(fmt.Sprintf("%s[%d]", at, i), w[i], g[i]); err != nil {
				return err
			}
		}
		return nil
	default:
		same = want == got
	}
	if !same {
		return wrong
	}
	return nil
}

func (r *replayer) compareString(want string, got any) bool {
	text, isText := got.(string)
	_, isNumber := got.(float64)
	switch {
	case want == "<any>":
		return true
	case want == "<string>":
		return isText
	case want == "<number>":
		return isNumber
	case strings.HasPrefix(want, "~"):
		return isText && regexp.MustCompile(r.fill(want[1:])).MatchString(text)
	}
	return isText && r.fill(want) == text
}

func (r *replayer) contains(at string, want []any, got any) error {
	list, _ := got.([]any)
	for _, w := range want {
		if !slices.ContainsFunc(list, func(g any) bool { return r.compare(at, w, g) == nil }) {
			return fmt.Errorf("%s: want %#v among %#v", at, w, got)
		}
	}
	return nil
}
