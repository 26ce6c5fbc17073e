// The glue between Vitest's runner and the host.
import { TestRunner, vi } from "vitest";
import { startTests } from "@vitest/runner";
import { getTests } from "@vitest/runner/utils";
import { createMocker } from "./mocker.js";

/**
 * Runs one test file. The host's functions are described where the host
 * defines them; `files` has a function per file, setup files included, that
 * imports it.
 */
export async function run(host, options, files) {
	const config = settings(options);
	globalThis.__vitest_worker__ = {
		host, config, ctx: { pool: "miniworker" }, environment: { name: "miniworker" }, filepath: options.file,
		metaEnv: host.metaEnv, providedContext: options.provide ?? {}, resolvingModules: new Set(),
		evaluatedModules: once, onCleanup() {}, rpc: { snapshotSaved: (result) => host.snapshotSaved(JSON.stringify(result)) },
	};
	globalThis.__vitest_mocker__ = createMocker();
	if (options.globals) exposeGlobals();
	const runner = new Runner(config, host, options, files);
	try {
		await startTests([{ filepath: options.file, testLocations: undefined }], runner);
	} finally {
		vi.useRealTimers();
		delete globalThis.__vitest_worker__.current;
	}
}

// What vi.resetModules reads.
const once = {
	get idToModuleMap() { throw new Error("vi.resetModules is not supported: the modules of a test file are evaluated once. Use a test file of its own."); },
};

const globals = ["suite", "test", "describe", "it", "chai", "expect", "assert", "vitest", "vi", "beforeAll", "afterAll", "beforeEach", "afterEach",
	"onTestFinished", "onTestFailed", "aroundEach", "aroundAll", "expectTypeOf", "assertType"];

function exposeGlobals() {
	for (const name of globals) globalThis[name] = globalThis.__vitest_worker__.host.library[name];
}

class Runner extends TestRunner {
	constructor(config, host, options, files) {
		super(config);
		this.host = host;
		this.options = options;
		this.files = files;
		this.tests = new Map();
		this.suites = new Map();
		this.groups = new Map();
		this.intercept();
	}

	// intercept comes between the runner and what it runs.
	intercept() {
		this.__setTraces({ $: (name, attributes, cb) => (cb ?? attributes)() });
		this.trace = (name, attributes, cb) => {
			if (typeof attributes === "function") {
				return name === "test.callback" ? this.host.body(attributes) : attributes();
			}
			switch (name) {
				case "run.test": return this.test(this.tests.get(attributes["vitest.test.id"]), cb);
				case "run.suite": return this.suite(this.suites.get(attributes["vitest.suite.id"]), cb);
			}
			return cb();
		};
	}

	importFile(path) { return this.files[path](); }

	async onCollected([file]) {
		const done = this.options.done ?? {};
		index(file, this);
		this.host.collected(JSON.stringify(outline(file)));
		await this.host.ready();
		for (const [id, test] of this.tests) {
			if (done[id] && runs(test)) test.mode = "skip";
		}
		prune(file);
		if (this.config.maxConcurrency > 1) join(file, this.groups);
	}

	// test runs one test, in a context of its own.
	async test(test, run) {
		const { host } = this;
		await this.layered(test, () => runs(test) ? host.inTest(test.id, test.timeout, run) : run());
		if (this.options.bail && test.result?.state === "fail" && host.bail()) this.cancel("test-failure");
	}

	async suite(suite, run) {
		const { host } = this;
		await this.layered(suite, async () => {
			host.suiteBegun(suite.id);
			try {
				await run();
			} finally {
				host.suiteEnded(suite.id);
			}
		});
	}

	// layered runs a task on a layer of storage: its own, or that of its group.
	async layered(task, run) {
		const { host } = this;
		const group = this.groups.get(task);
		const wanted = runs(task);
		if (!group && !wanted) return run();
		await (group ? group.enter(host) : host.push());
		try {
			await run();
		} finally {
			await (group ? group.leave(host) : host.pop(task.id));
			if (wanted) host.finished(JSON.stringify(outcome(task)));
		}
	}

	// A further attempt begins where the first one did, unless others run beside it.
	async onAfterRetryTask(test) {
		await this.host.settle(test.id);
		if (this.groups.has(test)) return;
		const again = test.result?.state === "fail" ? (test.result.retryCount ?? 0) < retries(test) : (test.result?.repeatCount ?? 0) < (test.repeats ?? 0);
		if (again) await this.host.rewind(test.id);
	}

	async onAfterRunSuite(suite) {
		await super.onAfterRunSuite(suite);
		if (suite.file === suite) this.host.finished(JSON.stringify(outcome(suite)));
	}
}

const runs = (task) => task.mode === "run" || task.mode === "queued";

// Group is what runs side by side: concurrent tests and suites in a row, with
// all that is in them. They share one layer of storage, which is undone when
// the last of them has ended.
class Group {
	constructor(size) { this.left = size; }
	enter(host) { return this.begun ??= host.groupBegun(); }
	async leave(host) { if (--this.left === 0) await host.groupEnded(); }
}

// inside is for what runs as part of a member of a group.
const inside = { enter() {}, leave() {} };

// join finds the groups.
function join(suite, groups, around) {
	for (const row of rows(suite.tasks)) {
		const members = row.filter(runs);
		const group = around ? inside : row[0].concurrent === true && members.length > 1 ? new Group(members.length) : undefined;
		for (const task of members) {
			if (group) groups.set(task, group);
			if (task.type === "suite") join(task, groups, group);
		}
	}
}

// rows are the tasks as Vitest runs them: concurrent ones in a row at once, and then
// what follows.
function rows(tasks) {
	const out = [];
	for (const task of tasks) {
		if (out.at(-1)?.[0].concurrent === task.concurrent && out.length) out.at(-1).push(task);
		else out.push([task]);
	}
	return out;
}

const retries = (test) => typeof test.retry === "number" ? test.retry : test.retry?.count ?? 0;

function index(suite, runner) {
	for (const task of suite.tasks) {
		if (task.type === "test") runner.tests.set(task.id, task);
		else {
			runner.suites.set(task.id, task);
			index(task, runner);
		}
	}
}

// prune skips suites of which nothing is left to run, so that their hooks do not run in vain.
function prune(suite) {
	for (const task of suite.tasks) if (task.type === "suite") prune(task);
	if (suite.mode === "run" && suite.tasks.length && suite.tasks.every((task) => !runs(task))) suite.mode = "skip";
}

const outline = (task) => ({
	id: task.id, type: task.type, name: task.name, mode: task.mode, concurrent: task.concurrent, fails: task.fails,
	errors: task.result?.errors?.map(plain), tasks: task.tasks?.map(outline), collect: task.collectDuration,
});

const outcome = (task) => {
	const { state, errors, duration, retryCount, repeatCount, note } = task.result ?? {};
	return { id: task.id, mode: task.mode, state, errors: errors?.map(plain), duration, retryCount, repeatCount, note };
};

// plain is what a processed error holds that reporters show.
function plain(error) {
	const { name, message, stack, diff, expected, actual, cause } = error;
	return {
		name: text(name), message: text(message), stack: text(stack ?? error.stackStr), diff: text(diff),
		expected: text(expected), actual: text(actual), cause: cause && typeof cause === "object" ? plain(cause) : undefined,
	};
}

const text = (value) => typeof value === "string" ? value : undefined;

function settings(o) {
	return {
		root: o.root, name: "", mode: "test", globals: false, setupFiles: o.setupFiles ?? [], testTimeout: o.testTimeout, hookTimeout: o.hookTimeout, retry: o.retry,
		maxConcurrency: o.maxConcurrency, passWithNoTests: o.passWithNoTests, allowOnly: o.allowOnly, bail: o.bail,
		testNamePattern: o.testNamePattern ? new RegExp(o.testNamePattern) : undefined, tags: [], strictTags: false,
		sequence: { concurrent: false, hooks: "stack", setupFiles: "list", shuffle: o.shuffle, seed: o.seed },
		fakeTimers: { loopLimit: 10_000, shouldClearNativeTimers: true, toFake: fakeable() },
		clearMocks: o.clearMocks, mockReset: o.mockReset, restoreMocks: o.restoreMocks, unstubEnvs: o.unstubEnvs, unstubGlobals: o.unstubGlobals,
		expect: { requireAssertions: false, poll: {} }, diffOptions: { expand: false }, experimental: { importDurations: { limit: 0 }, viteModuleRunner: true },
		snapshotOptions: { updateSnapshot: o.updateSnapshot, expand: false, snapshotFormat: { printBasicPrototype: false, escapeString: false }, snapshotEnvironment: snapshots() },
		chaiConfig: { truncateThreshold: 40 },
	};
}

const fakeable = () => ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "setInterval", "clearInterval", "Date", "performance"].filter((name) => name in globalThis);

// snapshots is where snapshot files are: beside the test, in __snapshots__.
function snapshots() {
	const host = () => globalThis.__vitest_worker__.host;
	return {
		getVersion: () => "1",
		getHeader: () => "// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html",
		resolvePath: async (file) => host().snapshotPath(file),
		resolveRawPath: async (file, raw) => host().rawPath(file, raw),
		readSnapshotFile: async (path) => host().readSnapshot(path),
		saveSnapshotFile: async (path, text) => host().saveSnapshot(path, text),
		removeSnapshotFile: async (path) => host().removeSnapshot(path),
	};
}

export { getTests };
