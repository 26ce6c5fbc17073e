//go:build unix

package apptest

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// raw sends text on a connection of its own and returns a reader of answers.
func (p *program) raw(t *testing.T, text string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c := p.dial(t)
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewReader(c)
}

// answerTo reads one answer of a connection.
func answerTo(t *testing.T, method string, r *bufio.Reader) (answer, *http.Response) {
	t.Helper()
	resp, err := http.ReadResponse(r, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}, resp
}

func testExpectContinue(t *testing.T, p *program) {
	c, r := p.raw(t, "POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
	line, err := r.ReadString('\n')
	if err != nil || line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := r.Discard(2); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, "12345"); err != nil {
		t.Fatal(err)
	}
	if a, _ := answerTo(t, "POST", r); a.status != 200 || a.body != "5" {
		t.Errorf("%d %q", a.status, a.body)
	}
}

func testExpectUnread(t *testing.T, p *program) {
	_, r := p.raw(t, "POST /ignore HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
	if a, _ := answerTo(t, "POST", r); a.status != 200 || a.body != "not read" {
		t.Errorf("a body nobody wants was asked for: %d %q", a.status, a.body)
	}
}

func testUnreadBody(t *testing.T, p *program, prefix string) {
	c, r := p.raw(t, "POST "+prefix+"/ignore HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"+strings.Repeat("x", 100000))
	if a, _ := answerTo(t, "POST", r); a.body != "not read" {
		t.Fatalf("%d %q", a.status, a.body)
	}
	if _, err := io.WriteString(c, "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if a, _ := answerTo(t, "GET", r); a.body != "hello" {
		t.Errorf("the next request on the connection: %d %q", a.status, a.body)
	}
}

// testLargeUnreadBody: more than is worth reading ends the connection, but not
// before the answer is out.
func testLargeUnreadBody(t *testing.T, p *program) {
	a, err := p.do(http.MethodPost, "/ignore", "", nil, bytes.NewReader(make([]byte, 4<<20)))
	if err != nil || a.body != "not read" {
		t.Errorf("%d %q, %v", a.status, a.body, err)
	}
	if a := p.get(t, "/hello"); a.body != "hello" {
		t.Errorf("afterwards: %d %q", a.status, a.body)
	}
}

func testHead(t *testing.T, p *program) {
	c, r := p.raw(t, "HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if a, _ := answerTo(t, "HEAD", r); a.status != 200 || a.header.Get("Content-Type") != "text/plain;charset=UTF-8" {
		t.Errorf("%d %v", a.status, a.header)
	}
	// A body would be taken for the next answer.
	if _, err := io.WriteString(c, "HEAD /method HTTP/1.1\r\nHost: localhost\r\n\r\nGET /method HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	answerTo(t, "HEAD", r)
	if a, _ := answerTo(t, "GET", r); a.body != "GET" {
		t.Errorf("%d %q", a.status, a.body)
	}
}

func testHTTP10(t *testing.T, p *program) {
	_, r := p.raw(t, "GET /hello HTTP/1.0\r\nHost: localhost\r\n\r\n")
	all, err := io.ReadAll(r) // the server ends the connection
	if err != nil || !strings.HasPrefix(string(all), "HTTP/1.0 200") || !strings.HasSuffix(string(all), "\r\n\r\nhello") {
		t.Errorf("%q, %v", all, err)
	}
}

func testHTTP10Stream(t *testing.T, p *program) {
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "second") }))
	defer gate.Close()
	_, r := p.raw(t, "GET /events?gate="+gate.URL+" HTTP/1.0\r\nHost: localhost\r\n\r\n")
	all, err := io.ReadAll(r)
	if err != nil || !strings.HasSuffix(string(all), "\r\n\r\ndata: first\n\ndata: second\n\n") {
		t.Errorf("%q, %v", all, err)
	}
}

func testPipelined(t *testing.T, p *program) {
	_, r := p.raw(t, "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"+
		"POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"+
		"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"+
		"PUT /method HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
	for _, want := range []string{"hello", "3", "abcde", "PUT"} {
		if a, _ := answerTo(t, "GET", r); a.status != 200 || a.body != want {
			t.Errorf("want %q, got %d %q", want, a.status, a.body)
		}
	}
}

func testBrokenBody(t *testing.T, p *program, prefix string) {
	c, r := p.raw(t, "POST "+prefix+"/length HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n")
	if a, _ := answerTo(t, "POST", r); a.status < 400 {
		t.Errorf("half a body was taken for a whole one: %d %q", a.status, a.body)
	}
	c.Close()
	if a := p.get(t, "/hello"); a.body != "hello" {
		t.Errorf("afterwards: %d %q", a.status, a.body)
	}
}

func testAbortedUpload(t *testing.T, p *program) {
	c, _ := p.raw(t, "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nonly this")
	c.Close()
	if a := p.get(t, "/hello"); a.body != "hello" {
		t.Errorf("afterwards: %d %q", a.status, a.body)
	}
}

func testNoHost(t *testing.T, p *program) {
	for _, request := range []string{
		"GET /hello HTTP/1.1\r\n\r\n",
		"GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n",
		"GET /hello HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere\r\n\r\n",
		"GET /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
	} {
		_, r := p.raw(t, request)
		if a, _ := answerTo(t, "GET", r); a.status != 400 {
			t.Errorf("%q: %d", request, a.status)
		}
	}
}
