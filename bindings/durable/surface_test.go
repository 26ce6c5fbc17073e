package durable

import (
	"fmt"
	"strings"
	"testing"
)

// TestSurface calls the classes in an object. Expectations were observed on
// workerd, 2026-11.
func TestSurface(t *testing.T) {
	tests := []struct{ name, code, want string }{
		{"put undefined", `st.put("a", undefined)`, `TypeError: put() called with undefined value.`},
		{"put function", `st.put("a", () => {})`, `DataCloneError`},
		{"get nothing", `st.get()`, `TypeError: Failed to execute 'get' on 'DurableObjectStorage': parameter 1 is not of type 'string or Array'.`},
		{"number as key", `(await st.put(5, 6), st.get("5"))`, `6`},
		{"put object", `(await st.put({x: 1, y: {z: 2}, u: undefined}), [...await st.list()])`, `[["x",1],["y",{"z":2}]]`},
		{"get many", `(await st.put({x: 1, y: 2}), [...await st.get(["y", "x", "x", "nope"])])`, `[["x",1],["y",2]]`},
		{"get none", `(await st.get("nope")) === undefined`, `true`},
		{"long key", `(await st.put("k".repeat(2049), 1), (await st.list()).size)`, `1`},
		{"types", `(await st.put("v", new Map([[1n, new Date(5)]])), [...await st.get("v")].map(([k, v]) => [typeof k, +v]))`, `[["bigint",5]]`},
		{"cycle", `{ const o = {}; o.o = o; await st.put("c", o); const r = await st.get("c"); return r.o === r; }`, `true`},
		{"list prefix", `(await st.put({a1: 1, a2: 2, b: 3}), [...(await st.list({prefix: "a"})).keys()])`, `["a1","a2"]`},
		{"list reverse limit", `(await st.put({a: 1, b: 2, c: 3}), [...(await st.list({reverse: true, limit: 2})).keys()])`, `["c","b"]`},
		{"list after", `(await st.put({a: 1, b: 2, c: 3}), [...(await st.list({startAfter: "a", end: "c"})).keys()])`, `["b"]`},
		{"list both starts", `st.list({start: "a", startAfter: "b"})`, `TypeError: list() cannot be called with both start and startAfter values.`},
		{"list limit", `st.list({limit: 0})`, `TypeError: List limit must be positive.`},
		{"delete", `(await st.put({a: 1, b: 2}), [await st.delete("a"), await st.delete("a"), await st.delete(["a", "b"])])`, `[true,false,1]`},
		{"deleteAll", `(await st.put("a", 1), await st.setAlarm(Date.now() + 1e6), await st.deleteAll(), [(await st.list()).size, await st.getAlarm()])`, `[0,null]`},
		{"no alarm", `st.getAlarm()`, `null`},
		{"alarm", `(await st.setAlarm(new Date(4e12)), await st.getAlarm())`, `4000000000000`},
		{"alarm deleted", `(await st.setAlarm(4e12), await st.deleteAlarm(), await st.getAlarm())`, `null`},
		{"alarm text", `st.setAlarm("x")`, `TypeError: Failed to execute 'setAlarm' on 'DurableObjectStorage': parameter 1 is not of type 'date'.`},
		{"alarm negative", `st.setAlarm(-5)`, `TypeError: setAlarm() cannot be called with an alarm time <= 0`},
		{"alarm NaN", `st.setAlarm(NaN)`, `TypeError: The value cannot be converted because it is not a valid Date.`},
		{"transaction", `(await st.transaction(async t => { await t.put("q", 1); await st.put("r", 2); }), [...await st.list()])`, `[["q",1],["r",2]]`},
		{"transaction value", `st.transaction(async t => { await t.put("q", 1); return t.get("q"); })`, `1`},
		{"transaction throws", `{ await st.put("q", 1); try { await st.transaction(async t => { await t.put("q", 2); throw new Error("x"); }); } catch (e) { return [e.message, await st.get("q")]; } }`, `["x",1]`},
		{"transaction rollback", `{ const v = await st.transaction(async t => { await t.put("q", 3); t.rollback(); return "r"; }); return [v, await st.get("q") ?? null]; }`, `["r",null]`},
		{"after rollback", `st.transaction(async t => { t.rollback(); await t.put("q", 3); })`, `Error: Cannot put() on rolled back transaction`},
		{"nested transaction", `{ await st.transaction(async t => { await t.put("a", 1); try { await st.transaction(async u => { await u.put("b", 1); throw 1; }); } catch {} }); return [...(await st.list()).keys()]; }`, `["a"]`},
		{"transaction deleteAll", `st.transaction(t => t.deleteAll())`, `Error: Cannot call deleteAll() within a transaction`},
		{"transactionSync", `st.transactionSync(() => { st.kv.put("s", 1); return 7; })`, `7`},
		{"transactionSync throws", `{ try { st.transactionSync(() => { st.kv.put("s", 1); throw new Error("y"); }); } catch (e) { return [e.message, st.kv.get("s") ?? null]; } }`, `["y",null]`},
		{"sync", `(await st.put("a", 1), await st.sync() === undefined)`, `true`},
		{"tags that repeat", `{ const w = new WebSocketPair()[0]; ctx.acceptWebSocket(w, Array(11).fill("a")); return ctx.getTags(w); }`, `["a"]`},
		{"bookmarks", `{ const a = await st.getCurrentBookmark(), b = await st.getCurrentBookmark(); await st.deleteAll(); return [a.length, a < b, await st.getCurrentBookmark() === a]; }`, `[59,true,true]`},
		{"bookmark of no date", `st.getBookmarkForTime("x")`, `TypeError: Failed to execute 'getBookmarkForTime' on 'DurableObjectStorage': parameter 1 is not of type 'date'.`},
		{"bookmark restored", `st.onNextSessionRestoreBookmark("0")`, `Error: This Durable Object's storage back-end does not implement point-in-time recovery.`},
		{"negative event timeout", `ctx.setHibernatableWebSocketEventTimeout(-1)`, `TypeError: The value cannot be converted because it is negative and this API expects a positive number.`},
		{"large auto response", `ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("a", "b".repeat(2049)))`, `RangeError: Response cannot be larger than 2048 bytes. A response of size 2049 was provided.`},
		{"large attachment", `new WebSocketPair()[0].serializeAttachment("x".repeat(16_400))`, `Error: A WebSocket 'attachment' cannot be larger than 16384 bytes.'attachment' was 16406 bytes.`},
		{"bookmark", `st.getBookmarkForTime(1)`, `Error: This Durable Object's storage back-end does not implement point-in-time recovery.`},
		{"kv", `(st.kv.put("k", {a: 1}), [st.kv.get("k"), [...st.kv.list()], st.kv.delete("k"), st.kv.delete("k"), String(st.kv.list())])`, `[{"a":1},[["k",{"a":1}]],true,false,"[object ListIterator]"]`},
		{"insert", `{ sql.exec("create table t(a,b)"); const c = sql.exec("insert into t values (?,?),(3,4) returning *", 1, "x"); return [c.columnNames, c.rowsWritten, c.toArray(), String(c)]; }`, `[["a","b"],2,[{"a":1,"b":"x"},{"a":3,"b":4}],"[object Cursor]"]`},
		{"one", `sql.exec("select 1 as a").one()`, `{"a":1}`},
		{"one of none", `sql.exec("select 1 where 0").one()`, `Error: Expected exactly one result from SQL query, but got no results.`},
		{"one of two", `sql.exec("select 1 union select 2").one()`, `Error: Expected exactly one result from SQL query, but got multiple results.`},
		{"raw", `[...sql.exec("select 1, 'x' union select 3, null").raw()]`, `[[1,"x"],[3,null]]`},
		{"raw array", `sql.exec("select 1, 2").raw().toArray()`, `[[1,2]]`},
		{"next", `{ const c = sql.exec("select 1 as a"); return [c.next(), c.next(), c.next()]; }`, `[{"done":false,"value":{"a":1}},{"done":true},{"done":true}]`},
		{"iterate", `[...sql.exec("select 1 as x, 2 as x")]`, `[{"x":2}]`},
		{"bind", `sql.exec("select ?1 as a, typeof(?1) as b, typeof(?2) as c, ?3 as d, ?4 as e", 5, NaN, true, undefined).one()`, `{"a":5,"b":"real","c":"null","d":"true","e":null}`},
		{"bind bigint", `sql.exec("select ?", 5n)`, `TypeError: Cannot convert a BigInt value to a number`},
		{"bind symbol", `sql.exec("select ?", Symbol())`, `TypeError: Cannot convert a Symbol value to a string`},
		{"bind array", `sql.exec("select ? as a", [1,2]).one()`, `{"a":"1,2"}`},
		{"blob", `{ const r = sql.exec("select ? as a", new Uint8Array([1,2,3]).subarray(1)).one(); return [r.a.constructor.name, [...new Uint8Array(r.a)]]; }`, `["ArrayBuffer",[2,3]]`},
		{"big integer", `sql.exec("select 9007199254740993 as a").one()`, `{"a":9007199254740992}`},
		{"syntax", `sql.exec("selec")`, `Error: near "selec": syntax error at offset 0: SQLITE_ERROR`},
		{"exec nothing", `sql.exec()`, `TypeError: Failed to execute 'exec' on 'SqlStorage': parameter 1 is not of type 'String'.`},
		{"size", `typeof sql.databaseSize`, `"number"`},
		{"id", `[ctx.id.name, ctx.id.toString().length, ctx.id.equals(ctx.id), String(ctx), String(st), String(sql), String(st.kv)]`, `["id",64,true,"[object DurableObjectState]","[object DurableObjectStorage]","[object SqlStorage]","[object SyncKvStorage]"]`},
		{"base class", `[this.ctx === ctx, typeof this.env.PROBE.get, this instanceof DurableObject]`, `[true,"function",true]`},
		{"block value", `ctx.blockConcurrencyWhile(async () => 5)`, `5`},
		{"block sync value", `ctx.blockConcurrencyWhile(() => 6)`, `6`},
		{"block nothing", `ctx.blockConcurrencyWhile(5)`, `TypeError: Failed to execute 'blockConcurrencyWhile' on 'DurableObjectState': parameter 1 is not of type 'function'.`},
		{"block is later", `{ const log = []; const p = ctx.blockConcurrencyWhile(async () => { log.push("in"); await 0; log.push("in2"); }); log.push("out"); await p; return log; }`, `["out","in","in2"]`},
		{"not a socket", `ctx.acceptWebSocket({})`, `TypeError: Failed to execute 'acceptWebSocket' on 'DurableObjectState': parameter 1 is not of type 'WebSocket'.`},
		{"too many tags", `ctx.acceptWebSocket(new WebSocketPair()[0], [..."123456789ab"])`, `Error: a Hibernatable WebSocket cannot have more than 10 tags`},
		{"same tag twice", `{ const w = new WebSocketPair()[0]; ctx.acceptWebSocket(w, ["a", "a", ""]); return ctx.getTags(w); }`, `["a",""]`},
		{"accept twice", "{ const w = new WebSocketPair()[0]; ctx.acceptWebSocket(w); ctx.acceptWebSocket(w); }", "Error: Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`"},
		{"accept after", `{ const w = new WebSocketPair()[0]; ctx.acceptWebSocket(w); w.accept(); }`, `TypeError: Can't accept() WebSocket after enabling hibernation.`},
		{"current bookmark", `st.getCurrentBookmark()`, `"00000000-00000000-00000000-00000000000000000000000000000000"`},
		{"no tags", `ctx.getTags(new WebSocketPair()[0])`, `Error: you must call 'acceptWebSocket()' before attempting to access the tags of a WebSocket.`},
		{"auto response", `(ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong")), [ctx.getWebSocketAutoResponse().request, ctx.setWebSocketAutoResponse(), ctx.getWebSocketAutoResponse()])`, `["ping",null,null]`},
		{"event timeout", `[ctx.getHibernatableWebSocketEventTimeout(), ctx.setHibernatableWebSocketEventTimeout(1000), ctx.getHibernatableWebSocketEventTimeout()]`, `[null,null,1000]`},
		{"event timeout too long", `ctx.setHibernatableWebSocketEventTimeout(604800001)`, `Error: Event timeout should not exceed 604800000 ms.`},
	}
	var cases strings.Builder
	for i, test := range tests {
		code := test.code
		if !strings.HasPrefix(code, "{ ") {
			code = "return " + code
		}
		fmt.Fprintf(&cases, "async t%d(ctx, st, sql) { %s }\n", i, code)
	}
	p := newProject(t, t.TempDir())
	p.load("w", `
class Probe extends DurableObject {
	alarm() {}
	async fetch(request) {
		try { return Response.json((await this[request.headers.get("case")](this.ctx, this.ctx.storage, this.ctx.storage.sql)) ?? null); }
		catch (e) { return new Response(String(e)); }
	}
	`+cases.String()+`
}
const worker = { fetch(request, env) {
	const url = new URL(request.url);
	return env.PROBE.getByName(decodeURIComponent(url.pathname.slice(1))).fetch(request.url, {headers: {case: url.searchParams.get("t")}});
} };`, "Probe")
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := p.get(fmt.Sprintf("/%s?t=t%d", strings.ReplaceAll(test.name, " ", "%20"), i))
			if got != test.want && !(test.want == "DataCloneError" && strings.HasPrefix(got, test.want)) {
				t.Errorf("%s\ngot  %s\nwant %s", test.code, got, test.want)
			}
		})
	}
}
