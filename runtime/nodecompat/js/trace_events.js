const { validateObject } = require("internal/errors");
class Tracing {
  constructor(categories) { this.categories = categories; this.enabled = false; }
  enable() {}
  disable() {}
}
function createTracing(options) {
  validateObject(options, "options");
  return new Tracing((options.categories ?? []).join(","));
}
module.exports = { createTracing, getEnabledCategories() {} };
