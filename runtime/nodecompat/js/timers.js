const { Timeout, setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = require("internal/timers");

function active(timer) { timer?.refresh?.(); }
function unenroll(timer) { clearTimeout(timer); }
function enroll(item, ms) { throw new Error("Not implemented. Please use setTimeout() instead."); }
const bound = (f) => Object.defineProperty(Object.defineProperty((...args) => f(...args), "name", { value: `bound ${f.name}` }), "length", { value: 0 });

module.exports = {
  setTimeout, clearTimeout, setImmediate: bound(setImmediate), clearImmediate: bound(clearImmediate), setInterval, clearInterval, active, unenroll, enroll,
  promises: { ...require("timers/promises") },
};
module.named = { Timeout };
