// The module miniworker:test. host has what needs the runtime; see
// miniworkertest.go. Types: types/miniworker-test.d.ts.
(function (host) {
	"use strict";

	const milliseconds = (name, date) => {
		const ms = Number(typeof date === "string" ? new Date(date) : date);
		if (Number.isNaN(ms)) throw new TypeError(`clock.${name}: ${JSON.stringify(date)} is not a date: give a Date, a string as "2026-03-01T12:00:00Z", or milliseconds since 1970.`);
		return ms;
	};

	const clock = {
		now: () => host.now(),
		get frozen() { return host.frozen(); },
		freeze() { host.freeze(); },
		resume() { host.resume(); },
		real() { host.real(); },
		async advance(by) { await host.advance(String(by)); },
		async set(date) { await host.set(milliseconds("set", date)); },
	};

	const fields = ["kind", "worker", "target", "binding", "operation", "name"];

	// filter checks what the caller gave; a binding is the target of its calls.
	const filter = (method, given = {}) => {
		if (typeof given === "string") given = { kind: given };
		for (const [field, value] of Object.entries(given)) {
			if (!fields.includes(field)) throw new TypeError(`trace.${method}: there is no ${JSON.stringify(field)} to filter by: ${fields.join(", ")}.`);
			if (value !== undefined && typeof value !== "string") throw new TypeError(`trace.${method}: ${field} has to be a string.`);
		}
		if (given.kind && !host.kinds.includes(given.kind)) throw new TypeError(`trace.${method}: there is no kind ${JSON.stringify(given.kind)}: ${host.kinds.join(", ")}.`);
		return { kind: given.kind ?? (given.binding ? "binding" : ""), worker: given.worker ?? "", target: given.target ?? given.binding ?? "", operation: given.operation ?? "", name: given.name ?? "" };
	};

	const trace = {
		events: (given) => host.events(filter("events", given)),
		count: (given) => host.events(filter("count", given)).length,
		through: (name) => host.events(filter("through")).some((e) => e.worker === name || e.target === name),
		tree: (given) => host.tree(filter("tree", given)),
		clear() { host.clear(); },
		async settle() { await host.settle(); },
	};

	return { clock, trace };
})
