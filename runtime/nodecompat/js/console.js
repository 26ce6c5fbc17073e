const { codes, notImplemented, validateInteger, validateObject } = require("internal/errors");
const process = require("process");
const formatWithOptions = (...args) => require("internal/inspect").formatWithOptions(...args);

const methods = ["log", "warn", "error", "dir", "time", "timeEnd", "timeLog", "trace", "assert", "clear", "count", "countReset", "group", "groupEnd", "table",
  "debug", "info", "dirxml", "groupCollapsed"];

// Console writes to streams, in Node's form.
function Console(options) {
  if (!new.target) return Reflect.construct(Console, arguments);
  const { stdout, stderr = stdout, ignoreErrors = true, colorMode = "auto", inspectOptions, groupIndentation = 2 } =
    !options || typeof options.write === "function" ? { stdout: options, stderr: arguments[1] ?? options, ignoreErrors: arguments[2] } : options;
  if (typeof stdout?.write !== "function") throw codes.ERR_CONSOLE_WRITABLE_STREAM("stdout");
  if (typeof stderr?.write !== "function") throw codes.ERR_CONSOLE_WRITABLE_STREAM("stderr");
  if (typeof colorMode !== "boolean" && colorMode !== "auto") throw codes.ERR_INVALID_ARG_VALUE("colorMode", colorMode, "must be one of: 'auto', true, false");
  validateInteger(groupIndentation, "groupIndentation", 0, 1000);
  if (inspectOptions !== undefined) {
    validateObject(inspectOptions, "options.inspectOptions");
    if (inspectOptions.colors !== undefined && options.colorMode !== undefined) {
      throw Object.assign(new Error('The options "options.inspectOptions.color" and "colorMode" are mutually exclusive.'), { code: "ERR_INCOMPATIBLE_OPTION_PAIR" });
    }
  }
  const impl = methodsOf({ stdout, stderr, ignoreErrors, groupIndentation, inspectOptions: { colors: colorMode === true, ...inspectOptions } });
  for (const name of methods) Object.defineProperty(this, name, { value: impl[name], writable: true, configurable: true, enumerable: true });
}
Object.defineProperty(Console, "length", { value: 1 });
Object.defineProperty(Console, Symbol.hasInstance, { value(v) { return v === console || Function.prototype[Symbol.hasInstance].call(this, v); } });
for (const name of methods) Object.defineProperty(Console.prototype, name, { value: { [name]() {} }[name], writable: true, configurable: true });
Object.defineProperty(Console.prototype, Symbol.toStringTag, { value: "console", configurable: true });

const noop = () => {};
// methodsOf are the methods of a Console.
function methodsOf({ stdout, stderr, ignoreErrors, groupIndentation, inspectOptions }) {
  let indent = "";
  const counts = new Map(), times = new Map();
  const put = (stream, text) => {
    const lines = indent === "" ? text : text.split("\n").map((l) => indent + l).join("\n");
    if (!ignoreErrors) return void stream.write(`${lines}\n`);
    stream.once?.("error", noop); // what a stream that fails says later
    try {
      stream.write(`${lines}\n`, noop);
    } catch {
      // a console does not fail
    } finally {
      stream.removeListener?.("error", noop);
    }
  };
  const write = (stream, args) => put(stream, formatWithOptions(inspectOptions, ...args));
  const out = (...args) => write(stdout, args), err = (...args) => write(stderr, args);
  const elapsed = (label) => `${label}: ${duration(performance.now() - times.get(label))}`;
  const warn = (text) => process.emitWarning(text);
  const impl = {
    log: out, info: out, debug: out, dirxml: out, warn: err, error: err, clear() {},
    dir: (v, o) => put(stdout, require("internal/inspect").inspect(v, { customInspect: false, ...inspectOptions, ...o })),
    table: (v, columns) => {
      const text = require("internal/table").table(v, columns);
      if (text === undefined) out(v);
      else put(stdout, text);
    },
    trace: (...args) => {
      const e = { name: "Trace", message: formatWithOptions(inspectOptions, ...args) };
      Error.captureStackTrace(e, impl.trace);
      err(e.stack);
    },
    assert: (ok, ...args) => { if (!ok) err(...(typeof args[0] === "string" ? [`Assertion failed: ${args[0]}`, ...args.slice(1)] : ["Assertion failed", ...args])); },
    count: (label = "default") => { label = `${label}`; counts.set(label, (counts.get(label) ?? 0) + 1); out(`${label}: ${counts.get(label)}`); },
    countReset: (label = "default") => { if (!counts.delete(`${label}`)) warn(`Count for '${label}' does not exist`); },
    group: (...args) => { if (args.length) out(...args); indent += " ".repeat(groupIndentation); },
    groupEnd: () => { indent = indent.slice(groupIndentation); },
    time: (label = "default") => { label = `${label}`; if (times.has(label)) warn(`Label '${label}' already exists for console.time()`); else times.set(label, performance.now()); },
    timeEnd: (label = "default") => { label = `${label}`; if (known("timeEnd", label)) { out(elapsed(label)); times.delete(label); } },
    timeLog: (label = "default", ...args) => { label = `${label}`; if (known("timeLog", label)) out(elapsed(label), ...args); },
  };
  const known = (method, label) => times.has(label) || (warn(`No such label '${label}' for console.${method}()`), false);
  impl.groupCollapsed = impl.group;
  return impl;
}

function duration(ms) {
  if (ms < 1000) return `${Number(ms.toFixed(3))}ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(3)}s`;
  const seconds = ms / 1000, two = (n) => String(Math.floor(n)).padStart(2, "0");
  return ms < 3_600_000 ? `${Math.floor(seconds / 60)}:${two(seconds % 60)}.${String(Math.floor(ms % 1000)).padStart(3, "0")} (m:ss.mmm)` : `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)} (h:mm:ss)`;
}

// The module is the global console, which has this beside its methods once the module is there. Code that never
// imports it keeps the engine's createTask: React's development build calls it.
const handler = function noop() {};
const hidden = { _times: new Map(), _ignoreErrors: true, _stderrErrorHandler: handler, _stdoutErrorHandler: handler };
const own = { Console, context: notImplemented("Console.context"), createTask: notImplemented("Console.createTask") };
const add = (members) => {
  for (const [name, value] of Object.entries(members)) Object.defineProperty(console, name, { value, enumerable: true, configurable: true, writable: true });
};
add(hidden);
for (const [name, from] of [["_stderr", "stderr"], ["_stdout", "stdout"]]) {
  Object.defineProperty(console, name, { enumerable: true, configurable: true, get: () => require("process")[from] });
  hidden[name] = true;
}
delete console.createTask; // it comes last, as in a workerd without an inspector
add(own);
module.exports = console;
module.hidden = hidden;
