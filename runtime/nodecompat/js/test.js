const { notImplemented } = require("internal/errors");
class MockFunctionContext {
  constructor(implementation, original, times) {}
}
class MockTracker {}
for (const [C, names] of [[MockFunctionContext, "callCount calls mockImplementation mockImplementationOnce resetCalls restore"], [MockTracker, "fn getter method property reset restoreAll setter"]]) {
  for (const name of names.split(" ")) Object.defineProperty(C.prototype, name, { value: notImplemented(`test.${C.name}.${name}`), writable: true, configurable: true });
}
module.exports = { MockFunctionContext, MockTracker, mock: new MockTracker() };
