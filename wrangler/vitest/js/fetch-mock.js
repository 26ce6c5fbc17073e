// fetchMock: undici's MockAgent, as far as cloudflare:test offered it. dispatch
// is asked about every request that a worker of the project sends out.
(function () {
	"use strict";
	const agent = { active: false, connect: true, pools: [] };

	const matches = (wanted, value) => {
		if (wanted === undefined) return true;
		if (typeof wanted === "function") return !!wanted(value);
		if (wanted instanceof RegExp) return new RegExp(wanted).test(value);
		return wanted === value;
	};

	const headersMatch = (wanted, headers) => {
		if (wanted === undefined) return true;
		const plain = Object.fromEntries(headers);
		if (typeof wanted === "function") return !!wanted(plain);
		return Object.entries(wanted).every(([name, value]) => headers.get(name) !== null && matches(value, headers.get(name)));
	};

	const withQuery = (path, query) => query ? `${path}?${new URLSearchParams(Object.entries(query))}` : path;

	// Query strings are compared as sets of parameters, as undici does.
	const normal = (path) => {
		const [base, query] = String(path).split("?", 2);
		return query === undefined ? base : `${base}?${[...new URLSearchParams(query)].sort().map(([k, v]) => `${k}=${v}`).join("&")}`;
	};

	class Scope {
		#d;
		constructor(d) { this.#d = d; }
		delay(ms) {
			if (!Number.isInteger(ms) || ms <= 0) throw new TypeError("waitInMs must be a valid integer > 0");
			this.#d.delay = ms;
			return this;
		}
		persist() {
			this.#d.persist = true;
			return this;
		}
		times(n) {
			if (!Number.isInteger(n) || n <= 0) throw new TypeError("repeatTimes must be a valid integer > 0");
			this.#d.times = n;
			return this;
		}
	}

	class Interceptor {
		#pool;
		#options;
		#headers = {};
		#length = false;
		constructor(pool, options) {
			if (typeof options !== "object" || options === null) throw new TypeError("opts must be an object");
			if (options.path === undefined) throw new TypeError("opts.path must be defined");
			this.#pool = pool;
			this.#options = { ...options, method: typeof options.method === "string" ? options.method.toUpperCase() : options.method ?? "GET" };
			if (typeof options.path === "string") {
				const { pathname, search } = new URL(withQuery(options.path, options.query), "https://path.invalid");
				this.#options.path = options.query ? pathname + search : options.path.split("#")[0];
			}
		}
		#add(answer) {
			const dispatch = { ...this.#options, origin: this.#pool.origin, times: 1, persist: false, consumed: false, calls: 0, answer };
			this.#pool.dispatches.push(dispatch);
			return new Scope(dispatch);
		}
		reply(status, data, options) {
			const answer = typeof status === "function" ? status : (request) => ({ statusCode: status, data: typeof data === "function" ? data(request) : data, responseOptions: options });
			if (typeof status !== "function" && typeof status !== "number") throw new TypeError("statusCode must be defined");
			const headers = { ...this.#headers }, length = this.#length;
			return this.#add(async (request) => {
				const { statusCode, data, responseOptions } = await answer(request);
				const text = await data;
				const body = text === undefined || text === null || typeof text === "string" || text instanceof ArrayBuffer || ArrayBuffer.isView(text) ? text : JSON.stringify(text);
				const empty = statusCode === 204 || statusCode === 205 || statusCode === 304;
				const response = new Response(empty ? null : body ?? "", { status: statusCode });
				for (const [name, value] of Object.entries({ ...headers, ...responseOptions?.headers })) {
					response.headers.delete(name);
					for (const v of [value].flat()) if (v !== undefined) response.headers.append(name, String(v));
				}
				if (typeof text !== "string" && !response.headers.has("content-type")) response.headers.delete("content-type");
				if (length && body) response.headers.set("content-length", String(typeof body === "string" ? new TextEncoder().encode(body).length : body.byteLength));
				return response;
			});
		}
		replyWithError(error) {
			if (error === undefined) throw new TypeError("error must be defined");
			return this.#add(() => { throw error; });
		}
		defaultReplyHeaders(headers) {
			this.#headers = headers;
			return this;
		}
		defaultReplyTrailers() { throw new Error("defaultReplyTrailers: workers do not see trailers"); }
		replyContentLength() {
			this.#length = true;
			return this;
		}
	}

	const fetchMock = {
		get(origin) {
			const key = typeof origin === "string" ? new URL(origin).origin : origin;
			let pool = agent.pools.find((p) => p.origin === key);
			if (!pool) agent.pools.push(pool = { origin: key, dispatches: [] });
			return { intercept: (options) => new Interceptor(pool, options) };
		},
		activate() { agent.active = true; },
		deactivate() { agent.active = false; },
		enableNetConnect(host) { agent.connect = host === undefined ? true : [...(Array.isArray(agent.connect) ? agent.connect : []), host]; },
		disableNetConnect() { agent.connect = false; },
		pendingInterceptors: () => agent.pools.flatMap((p) => p.dispatches.filter((d) => d.persist ? d.calls === 0 : !d.consumed)),
		assertNoPendingInterceptors(options) {
			const pending = fetchMock.pendingInterceptors();
			if (pending.length === 0) return;
			const list = options?.pendingInterceptorsFormatter?.format(pending) ??
				pending.map((d) => `  ${d.method} ${typeof d.origin === "string" ? d.origin : String(d.origin)}${String(d.path)} (${d.persist ? "persistent" : `${d.times - d.calls} left`})`).join("\n");
			throw new Error(`${pending.length} ${pending.length === 1 ? "interceptor is" : "interceptors are"} pending:\n\n${list}`);
		},
	};

	// dispatch answers a request, or says what is to become of it: "pass" for one
	// that is not mocked, "refuse" for one that may not leave either.
	async function dispatch(request) {
		const url = new URL(request.url), path = url.pathname + url.search;
		let body;
		for (const pool of agent.pools) {
			if (!matches(pool.origin, url.origin)) continue;
			for (const d of pool.dispatches) {
				if (d.consumed || !matches(d.method, request.method) || !headersMatch(d.headers, request.headers)) continue;
				if (!(typeof d.path === "string" ? normal(d.path) === normal(path) : matches(d.path, path))) continue;
				if (d.body !== undefined && !matches(d.body, body ??= await request.clone().text())) continue;
				d.calls++;
				d.consumed = !d.persist && d.calls >= d.times;
				if (d.delay) await new Promise((resolve) => setTimeout(resolve, d.delay));
				return d.answer({ path, origin: url.origin, method: request.method, headers: Object.fromEntries(request.headers), body: body ?? (request.body ? await request.text() : undefined), maxRedirections: 0 });
			}
		}
		const allowed = agent.connect === true || Array.isArray(agent.connect) && agent.connect.some((h) => matches(h, url.host));
		return allowed ? "pass" : "refuse";
	}

	return { fetchMock, dispatch, active: () => agent.active, refusal: (request) => `Mock dispatch not matched for ${request.method} ${request.url}: no interceptor takes it, and fetchMock.disableNetConnect() keeps it from the network` };
})
