// The module cloudflare:test. host has what needs the runtime; see cloudflare.go.
(function (host) {
	"use strict";
	const { env } = host;
	const fail = (name, n, type) => { throw new TypeError(`Failed to execute '${name}': parameter ${n} is not of type '${type}'.`); };

	function checkStub(name, stub) {
		if (!host.isStub(stub)) fail(name, 1, "DurableObjectStub");
	}

	async function runInDurableObject(stub, callback, ...args) {
		checkStub("runInDurableObject", stub);
		if (typeof callback !== "function") fail("runInDurableObject", 2, "function");
		if (!host.isLocal(stub)) return host.runElsewhere(stub, String(callback), args);
		let outcome;
		await host.runIn(stub, async (instance, state) => {
			try {
				outcome = { value: await callback(instance, state, ...args) };
			} catch (error) {
				outcome = { error };
			}
		});
		if ("error" in outcome) throw outcome.error;
		return outcome.value;
	}

	// Self-contained: for the object of another worker it is moved there as text.
	const runAlarm = async (instance, state) => {
		if (await state.storage.getAlarm() === null) return false;
		await state.storage.deleteAlarm();
		await instance.alarm?.();
		return true;
	};

	async function runDurableObjectAlarm(stub) {
		checkStub("runDurableObjectAlarm", stub);
		return runInDurableObject(stub, runAlarm);
	}

	async function evictDurableObject(stub, options) {
		checkStub("evictDurableObject", stub);
		await host.evict(stub, closes("evictDurableObject", options));
	}

	async function evictAllDurableObjects(options) {
		await host.evictAll(closes("evictAllDurableObjects", options));
	}

	function closes(name, options) {
		const how = options?.webSockets ?? "hibernate";
		if (how !== "hibernate" && how !== "close") throw new TypeError(`${name}: webSockets has to be "hibernate" or "close", not ${JSON.stringify(how)}.`);
		return how === "close";
	}

	async function listDurableObjectIds(namespace) {
		if (!host.isNamespace(namespace)) fail("listDurableObjectIds", 1, "DurableObjectNamespace");
		return (await host.listIds(namespace)).map((id) => namespace.idFromString(id));
	}

	const waiting = Symbol("waitUntil");

	class ExecutionContext {
		constructor() {
			Object.defineProperty(this, waiting, { value: [] });
			this.props = {};
		}
		get exports() { return host.exports(); }
		waitUntil(promise) {
			const settled = Promise.resolve(promise);
			settled.catch(() => {});
			this[waiting].push(settled);
		}
		passThroughOnException() {}
	}

	const createExecutionContext = () => new ExecutionContext();

	async function waitOnExecutionContext(ctx) {
		if (!Array.isArray(ctx?.[waiting])) {
			throw new TypeError("Failed to execute 'getWaitUntil': parameter 1 is not of type 'ExecutionContext'.\nYou must call 'createExecutionContext()' or 'createPagesEventContext()' to get an 'ExecutionContext' instance.");
		}
		const reasons = [];
		while (ctx[waiting].length > 0) {
			const results = await Promise.allSettled(ctx[waiting].splice(0));
			reasons.push(...results.filter((r) => r.status === "rejected").map((r) => r.reason));
		}
		if (reasons.length === 1) throw reasons[0];
		if (reasons.length > 1) throw new AggregateError(reasons);
	}

	// fixed makes read-only own properties, as the platform's objects have.
	const fixed = (object, values) => {
		for (const [name, value] of Object.entries(values)) Object.defineProperty(object, name, { get: () => value, enumerable: true });
	};

	class ScheduledController {
		constructor(options) {
			fixed(this, { scheduledTime: Number(options?.scheduledTime ?? Date.now()), cron: String(options?.cron ?? "") });
		}
		noRetry() {}
	}

	function createScheduledController(options) {
		if (options !== undefined && typeof options !== "object") fail("createScheduledController", 1, "ScheduledOptions");
		return new ScheduledController(options);
	}

	// What became of a batch, and of each of its messages.
	const decision = new WeakMap();
	const late = (call, what, before) => console.warn(`Received a call to ${call}() on message ${what} after ${before}() was already called. Calling ${call}() on a message after calling ${before}() has no effect.`);

	class QueueMessage {
		#batch;
		constructor(batch, message) {
			this.#batch = batch;
			const { timestamp, attempts } = message;
			if (typeof timestamp !== "number" && !(timestamp instanceof Date)) {
				throw new TypeError("Incorrect type for the 'timestamp' field on 'ServiceBindingQueueMessage': the provided value is not of type 'date'.");
			}
			if (typeof attempts !== "number") {
				throw new TypeError("Incorrect type for the 'attempts' field on 'ServiceBindingQueueMessage': the provided value is not of type 'number'.");
			}
			fixed(this, { id: String(message.id), timestamp: new Date(Number(timestamp)), attempts, body: structuredClone(message.body) });
			decision.set(this, {});
		}
		retry() { this.#decide("retry", "ack"); }
		ack() { this.#decide("ack", "retry"); }
		#decide(what, other) {
			const all = decision.get(this.#batch), mine = decision.get(this);
			if (all[what]) return;
			if (all[other]) return late(what, this.id, other + "All");
			if (mine[other]) return late(what, this.id, other);
			mine[what] = true;
		}
	}

	class MessageBatch {
		constructor(queue, messages) {
			decision.set(this, {});
			fixed(this, {
				queue: String(queue), messages: messages.map((m) => new QueueMessage(this, m)),
				metadata: { metrics: { backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: new Date(0) } },
			});
		}
		retryAll() { this.#decide("retry", "ack"); }
		ackAll() { this.#decide("ack", "retry"); }
		#decide(what, other) {
			const mine = decision.get(this);
			if (mine[other]) return console.warn(`Received a call to ${what}All() after ${other}All() was already called. Calling ${what}All() after calling ${other}All() has no effect.`);
			mine[what] = true;
		}
	}

	function createMessageBatch(queue, messages) {
		if (arguments.length === 0) fail("createMessageBatch", 1, "string");
		if (!Array.isArray(messages)) fail("createMessageBatch", 2, "Array");
		return new MessageBatch(queue, messages);
	}

	// As the plugin's, the result does not tell of delays.
	async function getQueueResult(batch, ctx) {
		if (!(batch instanceof MessageBatch)) {
			throw new TypeError("Failed to execute 'getQueueResult': parameter 1 is not of type 'MessageBatch'.\nYou must call 'createMessageBatch()' to get a 'MessageBatch' instance.");
		}
		if (!(ctx instanceof ExecutionContext)) {
			throw new TypeError("Failed to execute 'getQueueResult': parameter 2 is not of type 'ExecutionContext'.\nYou must call 'createExecutionContext()' to get an 'ExecutionContext' instance.");
		}
		await waitOnExecutionContext(ctx);
		const all = decision.get(batch);
		const chosen = (what) => batch.messages.filter((m) => decision.get(m)[what]);
		return {
			outcome: "ok", retryBatch: { retry: !!all.retry }, ackAll: !!all.ack,
			retryMessages: chosen("retry").map((m) => ({ msgId: m.id })),
			explicitAcks: chosen("ack").map((m) => m.id),
		};
	}

	function createPagesEventContext(init) {
		if (typeof init !== "object" || init === null) fail("createPagesEventContext", 1, "EventContextInit");
		const field = (ok, name, type) => {
			if (!ok) throw new TypeError(`Incorrect type for the '${name}' field on 'EventContextInit': the provided value is not of type '${type}'.`);
		};
		const object = (v) => v === undefined || typeof v === "object" && v !== null;
		field(init.request instanceof Request, "request", "Request");
		field(init.functionPath === undefined || typeof init.functionPath === "string", "functionPath", "string");
		field(init.next === undefined || typeof init.next === "function", "next", "function");
		field(object(init.params), "params", "object");
		field(object(init.data), "data", "object");
		if (typeof env.ASSETS?.fetch !== "function") throw new TypeError("Cannot call `createPagesEventContext()` without defining `ASSETS` service binding");
		const ctx = new ExecutionContext();
		return {
			request: init.next ? init.request.clone() : init.request, functionPath: init.functionPath ?? "", env,
			params: init.params ?? {}, data: init.data ?? {}, [waiting]: ctx[waiting],
			waitUntil: (promise) => ctx.waitUntil(promise), passThroughOnException() {},
			async next(input, options) {
				if (!init.next) throw new TypeError("Cannot call `EventContext#next()` without including `next` property in 2nd argument to `createPagesEventContext()`");
				if (input === undefined) return init.next(init.request);
				return init.next(new Request(typeof input === "string" ? new URL(input, init.request.url) : input, options));
			},
		};
	}

	async function applyD1Migrations(db, migrations, table = "d1_migrations") {
		if (typeof db?.prepare !== "function" || typeof db.batch !== "function") fail("applyD1Migrations", 1, "D1Database");
		const valid = (m) => typeof m?.name === "string" && Array.isArray(m.queries) && m.queries.every((q) => typeof q === "string");
		if (!Array.isArray(migrations) || !migrations.every(valid)) fail("applyD1Migrations", 2, "D1Migration[]");
		if (typeof table !== "string") fail("applyD1Migrations", 3, "string");
		const name = `"${table.replaceAll('"', '""')}"`;
		await db.prepare(`CREATE TABLE IF NOT EXISTS ${name} (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL);`).run();
		const { results } = await db.prepare(`SELECT name FROM ${name};`).all();
		const applied = new Set(results.map((row) => row.name));
		const note = db.prepare(`INSERT INTO ${name} (name) VALUES (?);`);
		for (const migration of migrations) {
			if (!applied.has(migration.name)) await db.batch([...migration.queries.map((q) => db.prepare(q)), note.bind(migration.name)]);
		}
	}

	const modifications = ["disableSleeps", "disableRetryDelays", "mockStepResult", "mockStepError", "forceStepTimeout", "mockEvent", "forceEventTimeout"];

	// modifier has a method for each modification, which calls apply. A stream is
	// read to its end first.
	const modifier = (apply) => Object.fromEntries(modifications.map((name) => [name, async (...args) => {
		if (name === "mockStepResult" && args[1] instanceof ReadableStream) {
			return apply("mockStepStream", [args[0], new Uint8Array(await new Response(args[1]).arrayBuffer())]);
		}
		return apply(name, args);
	}]));

	class WorkflowInstanceIntrospector {
		#workflow;
		#id;
		#disposed = false;
		constructor(workflow, id) {
			this.#workflow = workflow;
			this.#id = id;
		}
		async modify(callback) {
			const target = await this.#workflow.unsafeGetInstanceModifier(this.#id);
			await callback(modifier((name, args) => target[name](...args)));
			return this;
		}
		waitForStepResult(step) { return this.#workflow.unsafeWaitForStepResult(this.#id, step.name, step.index); }
		async waitForStatus(status) {
			if (status !== "queued") await this.#workflow.unsafeWaitForStatus(this.#id, status); // that may be over by now
		}
		getOutput() { return this.#workflow.unsafeGetOutputOrError(this.#id, true); }
		getError() { return this.#workflow.unsafeGetOutputOrError(this.#id, false); }
		dispose = async () => {
			if (this.#disposed) return;
			this.#disposed = true;
			await this.#workflow.unsafeAbort(this.#id, "Instance dispose");
		};
		[Symbol.asyncDispose]() { return this.dispose(); }
	}

	class WorkflowIntrospector {
		#workflow;
		#session;
		#operations = [];
		#instances = new Map();
		constructor(workflow, session) {
			this.#workflow = workflow;
			this.#session = session;
		}
		async modifyAll(callback) {
			await callback(modifier((type, args) => { this.#operations.push({ type, args }); }));
			await this.#workflow.unsafeSetIntrospectionOperations(this.#session, this.#operations);
		}
		async get() {
			for (const id of await this.#workflow.unsafeGetIntrospectionInstances(this.#session)) {
				if (!this.#instances.has(id)) this.#instances.set(id, new WorkflowInstanceIntrospector(this.#workflow, id));
			}
			return [...this.#instances.values()];
		}
		dispose = async () => {
			if (this.#session === undefined) return;
			const instances = await this.get();
			const session = this.#session;
			this.#session = undefined;
			await this.#workflow.unsafeStopIntrospection(session);
			await Promise.all(instances.map((i) => i.dispose()));
		};
		[Symbol.asyncDispose]() { return this.dispose(); }
	}

	const checkWorkflow = (name, workflow) => {
		if (typeof workflow?.unsafeGetInstanceModifier !== "function") throw new Error(`[WorkflowIntrospector] ${name}() needs a Workflow binding of env.`);
	};

	async function introspectWorkflowInstance(workflow, id) {
		if (!workflow || !id) throw new Error("[WorkflowIntrospector] Workflow binding and instance id are required.");
		checkWorkflow("introspectWorkflowInstance", workflow);
		return new WorkflowInstanceIntrospector(workflow, id);
	}

	async function introspectWorkflow(workflow) {
		if (!workflow) throw new Error("[WorkflowIntrospector] Workflow binding is required.");
		checkWorkflow("introspectWorkflow", workflow);
		return new WorkflowIntrospector(workflow, await workflow.unsafeStartIntrospection());
	}

	const missing = (name, instead) => () => { throw new Error(`${name} is not implemented in miniworker; ${instead}`); };

	return {
		env, SELF: host.self, fetchMock: host.fetchMock,
		runInDurableObject, runDurableObjectAlarm, evictDurableObject, evictAllDurableObjects, listDurableObjectIds,
		abortAllDurableObjects: () => host.abortAll(), reset: () => host.reset(),
		createExecutionContext, waitOnExecutionContext, createScheduledController, createMessageBatch, getQueueResult,
		createPagesEventContext, applyD1Migrations,
		adminSecretsStore: missing("adminSecretsStore", "give the secret as a variable"),
		introspectWorkflow, introspectWorkflowInstance,
	};
})
