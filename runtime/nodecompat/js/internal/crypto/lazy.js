// LazyTransform is a Transform that becomes a stream when somebody first looks:
// most hashes are updated and digested, and a stream costs more than both.
const { Transform } = require("stream");

function LazyTransform(options) { Object.defineProperty(this, "lazyOptions", { value: options, configurable: true }); }
Object.setPrototypeOf(LazyTransform.prototype, Transform.prototype);
Object.setPrototypeOf(LazyTransform, Transform);
for (const name of ["_readableState", "_writableState"]) {
  Object.defineProperty(LazyTransform.prototype, name, {
    configurable: true,
    get() {
      Transform.call(this, this.lazyOptions);
      this._writableState.decodeStrings = false;
      return this[name];
    },
    set(value) { Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true }); },
  });
}

module.exports = { LazyTransform };
