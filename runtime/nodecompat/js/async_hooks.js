const { AsyncLocalStorage, AsyncResource } = native.asyncHooks;
const providers = require("data/async_wrap_providers");

class AsyncHook {
  enable() { return this; }
  disable() { return this; }
}

function createHook() { return new AsyncHook(); }
function executionAsyncId() { return 0; }
function triggerAsyncId() { return 0; }
function executionAsyncResource() { return {}; }

module.exports = {
  AsyncLocalStorage, AsyncResource, asyncWrapProviders: providers, createHook, executionAsyncId, executionAsyncResource, triggerAsyncId,
};
