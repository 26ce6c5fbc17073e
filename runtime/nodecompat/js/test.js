class MockFunctionContext {}
class MockTracker {}
module.exports = { MockFunctionContext, MockTracker, mock: new MockTracker() };
