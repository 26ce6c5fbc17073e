// What vi.mock and its kin call. The bundler has hoisted the calls and put a
// module in place of each mocked one that asks here what it is.
import { mockObject } from "@vitest/mocker";
import { createMockInstance } from "@vitest/spy";

const refuse = (what) => { throw new Error(what); };

export function createMocker(host) {
	const automock = (value, type = "automock") => mockObject({
		globalConstructors: { Object, Function, Array, Map, RegExp }, spyOn: undefined, createMockInstance, type,
	}, value);
	return {
		getMockContext: () => ({ callstack: null }),
		mockObject: ({ value }, _ = undefined, type = "automock") => ({ value: automock(value, type) }),
		queueMock: (path) => refuse(`vi.mock(${JSON.stringify(path)}) has to be a statement of its own at the top level of the test file, with a string, so that the bundler can see it`),
		queueUnmock: (path) => refuse(`vi.unmock(${JSON.stringify(path)}) is not supported: leave the vi.mock call out`),
		importActual: (path) => refuse(`vi.importActual(${JSON.stringify(path)}) needs a string that the bundler can see`),
		importMock: (path) => refuse(`vi.importMock(${JSON.stringify(path)}) needs a string that the bundler can see`),
	};
}
