import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
	constructor(ctx, env) {
		super(ctx, env);
		ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS counts (note PRIMARY KEY, n)");
	}
	add(note) {
		this.ctx.storage.sql.exec("INSERT INTO counts VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1", note);
	}
	async remind(seconds) {
		await this.ctx.storage.setAlarm(Date.now() + 1000 * seconds);
	}
	async alarm() {
		this.add("alarm");
		await this.ctx.storage.setAlarm(Date.now() + 3_600_000);
	}
	fetch() {
		const [client, server] = Object.values(new WebSocketPair());
		this.ctx.acceptWebSocket(server);
		return new Response(null, { status: 101, webSocket: client });
	}
	webSocketMessage(ws, message) { ws.send("echo " + message); }
}

export default {
	async fetch(request, env) {
		const url = new URL(request.url), counter = env.COUNTER.getByName("all");
		const [, , what, key] = url.pathname.split("/");
		if (url.pathname === "/ws") return counter.fetch(request);
		if (url.pathname === "/throw") throw new Error("on purpose");
		switch (what) {
		case "now": return new Response(new Date().toISOString());
		case "remind":
			await counter.remind(Number(url.searchParams.get("in")));
			return new Response("ok");
		case "expire":
			await env.NOTES.put("brief", "x", { expirationTtl: Number(url.searchParams.get("in")) });
			return new Response("ok");
		case "fetch":
			return fetch("https://outside.test/").then((r) => new Response(String(r.status)), (e) => new Response(String(e)));
		}
		if (request.method === "GET") return new Response(await env.NOTES.get(key) ?? "none");
		const text = await request.text();
		await env.NOTES.put(key, text);
		await env.STORE.put(key, text);
		await env.DB.exec("CREATE TABLE IF NOT EXISTS notes (key PRIMARY KEY, size)");
		await env.DB.prepare("INSERT OR REPLACE INTO notes VALUES (?, ?)").bind(key, text.length).run();
		await counter.add(key);
		return new Response([request.url, text.length, request.headers.get("x-tag")].join(" "), { status: 201 });
	},
	async scheduled(controller, env) { await env.NOTES.put("cron", controller.cron); },
};
