// What vi.mock and its kin call. The bundler has hoisted the calls, put the
// names of modules in place of their paths, and a module in place of each mocked
// one that asks here what it is.
import { mockObject } from "@vitest/mocker";
import { createMockInstance } from "@vitest/spy";

const constructors = { Object, Function, Array, Map, RegExp };

const automock = (value, type = "automock") => mockObject({ globalConstructors: constructors, createMockInstance, type }, value);

// A namespace's exports are getters; what is mocked are their values.
const automockModule = (namespace, type) => automock(Object.defineProperty({ ...namespace }, "__esModule", { value: true }), type);

const failed = "[vitest] There was an error when mocking a module. If you are using \"vi.mock\" factory, make sure there are no top level variables inside, since this call is hoisted to top of the file. Read more: https://vitest.dev/api/vi.html#vi-mock";

const refuse = (what) => { throw new Error(what); };

export function createMocker() {
	const registered = new Map(); // id to what vi.mock was called with
	const values = new Map(); // id to what the module is

	async function make(id, actual) {
		const mock = registered.get(id);
		if (!mock) return actual ? actual() : refuse(`There is no module ${id}, and it is not mocked yet.`);
		if (typeof mock.factory !== "function") {
			if (!actual) refuse(`There is no module ${id} to mock: give vi.mock a factory.`);
			return automockModule(await actual(), mock.factory?.spy ? "autospy" : "automock");
		}
		let value;
		try {
			value = await mock.factory(() => actual ? actual() : refuse(`There is no module ${id} but the mock.`));
		} catch (cause) {
			throw new Error(failed, { cause });
		}
		if (value === null || typeof value !== "object") {
			throw new TypeError(`[vitest] vi.mock("${mock.path}", factory?: () => unknown) is not returning an object. Did you mean to return an object with a "default" key?`);
		}
		return value;
	}

	return {
		register(id, path, actual, factory) {
			if (values.has(id)) refuse(`${path} was imported before it was mocked. A file's modules are evaluated once: mock it before the first import, or in a test file of its own.`);
			registered.set(id, { path, factory });
		},
		unregister(id) {
			if (values.has(id) && registered.has(id)) refuse(`${registered.get(id).path} was imported while it was mocked, and stays so. A file's modules are evaluated once: use a test file of its own.`);
			registered.delete(id);
		},
		async load(id, actual) {
			if (!values.has(id)) values.set(id, await make(id, actual));
		},
		value: (id) => values.get(id),
		importMock: async (id, actual) => registered.has(id) ? make(id, actual) : automockModule(await actual(), "automock"),

		getMockContext: () => ({ callstack: null }),
		mockObject: ({ value }, _ = undefined, type = "automock") => ({ value: automock({ value }, type).value }),
		// The bundler leaves none of these.
		queueMock: (path) => refuse(`vi.mock(${JSON.stringify(path)}) works in test files and setup files only.`),
		queueUnmock: (path) => refuse(`vi.unmock(${JSON.stringify(path)}) works in test files and setup files only.`),
		importActual: (path) => refuse(`vi.importActual(${JSON.stringify(path)}) works in test files and setup files only.`),
	};
}
