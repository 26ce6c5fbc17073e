package durable

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miniworker/miniworker/runtime/wire"
)

const room = `
class Room extends DurableObject {
	constructor(ctx, env) { super(ctx, env); this.seen = 0; }
	async fetch(request) {
		const url = new URL(request.url);
		if (url.pathname === "/list") return Response.json([this.seen, ...this.ctx.getWebSockets(url.searchParams.get("tag") ?? undefined).map(ws => [this.ctx.getTags(ws).join("+"), ws.readyState, ws.deserializeAttachment()?.user ?? null])]);
		if (url.pathname === "/auto") { this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong")); return new Response(String(this.ctx.getWebSocketAutoResponseTimestamp(this.ctx.getWebSockets()[0])?.getTime())); }
		if (url.pathname === "/timer") { setInterval(() => {}, 1000); return new Response("ok"); }
		const [client, server] = Object.values(new WebSocketPair());
		if (url.pathname === "/plain") { server.accept(); server.addEventListener("message", e => server.send("plain:" + e.data)); }
		else { this.ctx.acceptWebSocket(server, [url.searchParams.get("tag"), "all"]); server.serializeAttachment({user: url.searchParams.get("tag")}); }
		return new Response(null, {status: 101, webSocket: client});
	}
	async webSocketMessage(ws, message) {
		this.seen++;
		if (message === "throw") throw new Error("handler boom");
		if (message === "close") return ws.close(3001, "bye");
		if (message === "abort") this.ctx.abort("gone");
		if (message === "broadcast") { for (const other of this.ctx.getWebSockets("all")) other.send("hello all"); return; }
		if (typeof message !== "string") { ws.send(message); ws.send(message.constructor.name + message.byteLength); return; }
		await this.ctx.storage.put("last", message);
		ws.send(ws.deserializeAttachment().user + this.seen + ":" + message);
	}
	async webSocketClose(ws, code, reason, clean) {
		await this.ctx.storage.put("closed", [code, reason, clean, ws.readyState, this.ctx.getWebSockets().length].join());
		if (reason === "reply") ws.close(code, reason);
		else for (const other of this.ctx.getWebSockets()) if (other !== ws) other.send("closed " + (await this.ctx.storage.get("closed")));
	}
}` + forward

// client is the far end of a socket; it notes what arrives.
type client struct {
	*wire.Socket
	mu  sync.Mutex
	log []string
}

func (c *client) SocketMessage(m wire.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.Text {
		c.log = append(c.log, string(m.Data))
	} else {
		c.log = append(c.log, fmt.Sprintf("%x", m.Data))
	}
}

func (c *client) SocketClose(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = append(c.log, fmt.Sprintf("close %d %s", code, reason))
}

func (c *client) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.log, "|")
}

func (c *client) say(s string) { c.Send(wire.Message{Text: true, Data: []byte(s)}) }

func (p *project) connect(path string) *client {
	p.t.Helper()
	resp, err := p.handles["w"].Fetch(context.Background(), &wire.Request{Method: "GET", URL: "http://x" + path, Header: http.Header{"Upgrade": {"websocket"}}})
	if err != nil || resp.WebSocket == nil {
		p.t.Fatal("no socket: ", resp, err)
	}
	c := &client{Socket: resp.WebSocket}
	c.Attach(c)
	return c
}

func (p *project) hears(c *client, want string) {
	p.t.Helper()
	for limit := time.Now().Add(time.Minute); c.text() != want; runtime.Gosched() {
		if time.Now().After(limit) {
			p.t.Fatalf("the client heard\n     %s\nwant %s", c.text(), want)
		}
	}
}

func roomProject(t *testing.T) *project {
	p := newProject(t, t.TempDir())
	p.load("w", room, "Room")
	return p
}

func TestSockets(t *testing.T) {
	p := roomProject(t)
	a, b := p.connect("/r/ws?tag=a"), p.connect("/r/ws?tag=b")
	p.want("/r/list", `[0,["b+all",1,"b"],["a+all",1,"a"]]`)
	p.want("/r/list?tag=a", `[0,["a+all",1,"a"]]`)
	a.say("hi")
	p.hears(a, "a1:hi")
	b.Send(wire.Message{Data: []byte{1, 2}})
	p.hears(b, "0102|ArrayBuffer2")
	b.say("broadcast")
	p.hears(a, "a1:hi|hello all")
	p.hears(b, "0102|ArrayBuffer2|hello all")
	a.say("throw")
	a.say("still")
	p.hears(a, "a1:hi|hello all|a5:still")
	b.Close(3002, "reply")
	p.hears(b, "0102|ArrayBuffer2|hello all|close 3002 reply")
	p.settle(func() bool { return p.get("/r/list") == `[5,["a+all",1,"a"]]` })
}

func TestSocketClosedByObject(t *testing.T) {
	p := roomProject(t)
	a, b := p.connect("/r/ws?tag=a"), p.connect("/r/ws?tag=b")
	a.say("close")
	p.hears(a, "close 3001 bye")
	p.want("/r/list", `[1,["b+all",1,"b"],["a+all",2,"a"]]`)
	a.Close(3001, "bye")
	p.hears(b, "closed 3001,bye,true,3,2")
	p.settle(func() bool { return p.get("/r/list") == `[1,["b+all",1,"b"]]` })
}

// A close that the object does not answer ends abnormally.
func TestSocketCloseUnanswered(t *testing.T) {
	p := roomProject(t)
	a, b := p.connect("/r/ws?tag=a"), p.connect("/r/ws?tag=b")
	a.Close(3004, "x")
	p.hears(a, "close 1006 ")
	p.hears(b, "closed 3004,x,true,2,2")
}

func TestSocketLost(t *testing.T) {
	p := roomProject(t)
	a, b := p.connect("/r/ws?tag=a"), p.connect("/r/ws?tag=b")
	a.Close(1006, "")
	p.hears(b, "closed 1006,WebSocket disconnected without sending Close frame.,false,2,2")
}

func TestHibernation(t *testing.T) {
	p := roomProject(t)
	a := p.connect("/r/ws?tag=a")
	a.say("one")
	p.hears(a, "a1:one")
	p.clock.Advance(11 * time.Second)
	p.settle(func() bool { return len(p.namespace("Room").Running()) == 0 })
	a.say("two")
	p.hears(a, "a1:one|a1:two")
	p.want("/r/list", `[1,["a+all",1,"a"]]`)
	// An automatic answer does not wake it, and is the same asleep or awake.
	p.want("/r/auto", "undefined")
	a.say("ping")
	p.hears(a, "a1:one|a1:two|pong")
	if !p.namespace("Room").Evict(p.namespace("Room").FromName("r")) {
		t.Error("could not be evicted")
	}
	a.say("ping")
	p.hears(a, "a1:one|a1:two|pong|pong")
	if n := len(p.namespace("Room").Running()); n != 0 {
		t.Error("the automatic answer woke the object")
	}
	p.want("/r/auto", fmt.Sprint(p.clock.Now().UnixMilli()))
	a.say("three")
	p.hears(a, "a1:one|a1:two|pong|pong|a1:three")
}

// Timers keep an object from hibernating, and sockets it accepted itself from
// being evicted at all.
func TestNoHibernation(t *testing.T) {
	p := roomProject(t)
	p.connect("/r/ws?tag=a")
	p.want("/r/timer", "ok")
	plain := p.connect("/q/plain")
	for range 20 {
		p.clock.Advance(10 * time.Second)
	}
	plain.say("x")
	p.hears(plain, "plain:x")
	if n := len(p.namespace("Room").Running()); n != 2 {
		t.Errorf("%d objects run", n)
	}
}

func TestReloadClosesSockets(t *testing.T) {
	p := roomProject(t)
	awake, plain, asleep := p.connect("/r/ws?tag=a"), p.connect("/q/plain"), p.connect("/s/ws?tag=a")
	if !p.namespace("Room").Evict(p.namespace("Room").FromName("s")) {
		t.Error("could not be evicted")
	}
	p.load("w", room, "Room")
	p.hears(awake, "close 1012 Durable Object reset because its code was updated.")
	p.hears(asleep, "close 1012 Durable Object reset because its code was updated.")
	p.hears(plain, "close 1006 ")
	p.want("/r/list", `[0]`)
}

func TestAbortBreaksSockets(t *testing.T) {
	p := roomProject(t)
	a := p.connect("/r/ws?tag=a")
	a.say("abort")
	p.hears(a, "close 1006 ")
	p.want("/r/list", `[0]`)
}

func BenchmarkSocketEcho(b *testing.B) {
	p := newProject(b, b.TempDir())
	p.load("w", `class Room extends DurableObject {
	fetch() { const [c, s] = Object.values(new WebSocketPair()); this.ctx.acceptWebSocket(s); return new Response(null, {status: 101, webSocket: c}); }
	webSocketMessage(ws, m) { ws.send(m) }
}`+forward, "Room")
	c := &signaller{Socket: p.connect("/r/ws").Socket, got: make(chan struct{}, 1)}
	c.Attach(c)
	m := wire.Message{Text: true, Data: []byte("hello there")}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		c.Send(m)
		<-c.got
	}
}

type signaller struct {
	*wire.Socket
	got chan struct{}
}

func (s *signaller) SocketMessage(wire.Message) { s.got <- struct{}{} }
func (s *signaller) SocketClose(int, string)    {}

// BenchmarkBroadcast is one message sent on to a thousand sockets.
func BenchmarkBroadcast(b *testing.B) {
	p := newProject(b, b.TempDir())
	p.load("w", `class Room extends DurableObject {
	fetch() { const [c, s] = Object.values(new WebSocketPair()); this.ctx.acceptWebSocket(s); return new Response(null, {status: 101, webSocket: c}); }
	webSocketMessage(ws, m) { for (const other of this.ctx.getWebSockets()) other.send(m) }
}`+forward, "Room")
	const sockets = 1000
	got := make(chan struct{}, sockets)
	var first *signaller
	for range sockets {
		c := &signaller{Socket: p.connect("/r/ws").Socket, got: got}
		c.Attach(c)
		first = c
	}
	m := wire.Message{Text: true, Data: []byte("hello there")}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		first.Send(m)
		for range sockets {
			<-got
		}
	}
}

// A session may keep accepted sockets over a reload: the new code gets them with
// their tags and attachments. Sockets that the object listens to itself end.
func TestStickySockets(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.session.Sticky = true
	p.load("w", room, "Room")
	busy, asleep, plain := p.connect("/busy/ws?tag=a"), p.connect("/asleep/ws?tag=b"), p.connect("/busy/plain")
	p.namespace("Room").Evict(p.namespace("Room").FromName("asleep"))
	p.load("w", strings.ReplaceAll(room, `this.seen + ":" + message`, `"new" + this.seen + ":" + message`), "Room")
	busy.say("x")
	p.hears(busy, "anew1:x")
	asleep.say("y")
	p.hears(asleep, "bnew1:y")
	p.want("/busy/list", `[1,["a+all",1,"a"]]`)
	p.settle(func() bool { return strings.HasPrefix(plain.text(), "close ") })
}
