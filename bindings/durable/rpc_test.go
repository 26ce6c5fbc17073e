package durable

import "testing"

func TestMethods(t *testing.T) {
	p := newProject(t, t.TempDir())
	p.load("w", `
class Obj extends DurableObject {
	field = "hidden";
	arrow = () => 1;
	get computed() { return "got"; }
	echo(...args) { return args; }
	async count(by) { const n = ((await this.ctx.storage.get("n")) ?? 0) + by; await this.ctx.storage.put("n", n); return n; }
	fails() { const e = new RangeError("rpc boom"); e.extra = 1; throw e; }
	listen() { return new Promise(done => { this.done = done; }); }
	publish(v) { this.done(v); }
	fn() { return () => 1; }
	block(f) { return this.ctx.blockConcurrencyWhile(() => f()); }
	run(f) { return f(); }
	within() { return this.ctx.blockConcurrencyWhile(() => this.env.OBJ.getByName("elsewhere").run(() => "inside")); }
	other(name) { return this.env.OBJ.getByName(name).count(10); }
	async fetch() { return new Response(String(await this.count(1))); }
	bad() { this.ctx.abort("enough"); }
}
class Plain { rpc() { return 1; } }
const cases = {
	async echo(s) { return s.echo(1, "x", {a: [new Date(5)]}, undefined); },
	async map(s) { return [...(await s.echo(new Map([[1, 2]])))[0]]; },
	async getter(s) { return await s.computed; },
	async property(s) { return await s.field; },
	async poll(s) { const p = s.listen(); await s.publish("news"); return p; },
	async count(s) { await s.count(1); const [a, b] = await Promise.all([s.count(1), s.count(1)]); return [a, b]; },
	async other(s) { return s.other("z"); },
	async gate(s, env) {
		const log = [];
		const blocked = s.block(async () => { log.push("in"); await env.OBJ.getByName("elsewhere").echo(0); log.push("out"); });
		const after = s.echo(1).then(() => log.push("after"));
		await Promise.all([blocked, after]);
		return log;
	},
	async within(s) { return s.within(); },
	async field(s) { return s.field(); },
	async arrow(s) { return s.arrow(); },
	async none(s) { return s.nothere(); },
	async fails(s) { return s.fails(); },
	async fn(s) { return s.fn()(); },
	async arg(s) { const [f] = await s.echo(() => 2); return f(); },
	async plain(s, env) { return env.PLAIN.getByName("x").rpc(); },
	async bad(s, env) { try { await s.bad(); } catch (e) { if (e.remote || !e.durableObjectReset) return "?"; } try { await s.count(1); } catch (e) { return [e.message, e.remote ?? null, await env.OBJ.getByName("bad").echo(1)]; } },
	async order(s, env) { return Promise.all(Array.from({length: 10}, () => env.OBJ.getByName("order").count(1))); },
	async orderFetch(s) { return Promise.all((await Promise.all(Array.from({length: 10}, () => s.fetch("http://x")))).map(r => r.text())); },
};
const worker = { async fetch(request, env) {
	const name = new URL(request.url).pathname.slice(1);
	try { return Response.json(await cases[name](env.OBJ.getByName(name), env)); }
	catch (e) { const {durableObjectId, ...own} = e; return new Response(e.name + ": " + e.message + " " + JSON.stringify(own, Object.keys(own).sort()) + (durableObjectId ? durableObjectId.length : "")); }
} };`, "Obj", "Plain")
	for _, test := range []struct{ name, want string }{
		{"echo", `[1,"x",{"a":["1970-01-01T00:00:00.005Z"]},null]`},
		{"map", `[[1,2]]`},
		{"getter", `"got"`},
		{"property", `TypeError: The RPC receiver does not implement the method "field". {"remote":true}`},
		{"poll", `"news"`},
		{"count", `[2,3]`},
		{"other", `10`},
		{"gate", `["in","out","after"]`},
		{"within", `"inside"`},
		{"field", `TypeError: The RPC receiver does not implement the method "field". {"remote":true}`},
		{"arrow", `TypeError: The RPC receiver does not implement the method "arrow". {"remote":true}`},
		{"none", `TypeError: The RPC receiver does not implement the method "nothere". {"remote":true}`},
		{"fails", `RangeError: rpc boom {"extra":1,"remote":true}64`},
		{"fn", `1`},
		{"arg", `2`},
		{"order", `[1,2,3,4,5,6,7,8,9,10]`},
		{"orderFetch", `["1","2","3","4","5","6","7","8","9","10"]`},
		{"plain", "TypeError: The receiving Durable Object does not support RPC, because its class was not declared with `extends DurableObject`. In order to enable RPC, make sure your class extends the special class `DurableObject`, which can be imported from the module \"cloudflare:workers\". {\"remote\":true}"},
		{"bad", `["enough",null,[1]]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p.t = t
			p.want("/"+test.name, test.want)
		})
	}
}
