const { codes, notImplemented } = require("internal/errors");
const formatWithOptions = (...args) => require("internal/inspect").formatWithOptions(...args);

const methods = ["log", "warn", "error", "dir", "time", "timeEnd", "timeLog", "trace", "assert", "clear", "count", "countReset", "group", "groupEnd", "table",
  "debug", "info", "dirxml", "groupCollapsed"];

// Console writes to streams, in Node's form.
function Console(options) {
  if (!new.target) return Reflect.construct(Console, arguments);
  const { stdout, stderr = stdout, inspectOptions = {} } = !options || typeof options.write === "function" ? { stdout: options, stderr: arguments[1] ?? options } : options;
  if (typeof stdout?.write !== "function") throw codes.ERR_CONSOLE_WRITABLE_STREAM("stdout");
  if (typeof stderr?.write !== "function") throw codes.ERR_CONSOLE_WRITABLE_STREAM("stderr");
  let indent = "";
  const counts = new Map(), times = new Map();
  const write = (stream, args) => stream.write(formatWithOptions(inspectOptions, ...args).split("\n").map((l) => indent + l).join("\n") + "\n");
  const out = (...args) => write(stdout, args), err = (...args) => write(stderr, args);
  const elapsed = (label) => `${label}: ${(performance.now() - times.get(label)).toFixed(3)}ms`;
  const impl = {
    log: out, info: out, debug: out, dirxml: out, warn: err, error: err, clear() {},
    dir: (v, o) => out(require("internal/inspect").inspect(v, { customInspect: false, ...inspectOptions, ...o })),
    table: (v) => out(v),
    trace: (...args) => err(`Trace: ${formatWithOptions(inspectOptions, ...args)}`),
    assert: (ok, ...args) => { if (!ok) err(...(typeof args[0] === "string" ? [`Assertion failed: ${args[0]}`, ...args.slice(1)] : ["Assertion failed", ...args])); },
    count: (label = "default") => { counts.set(label, (counts.get(label) ?? 0) + 1); out(`${label}: ${counts.get(label)}`); },
    countReset: (label = "default") => counts.delete(label),
    group: (...args) => { if (args.length) out(...args); indent += "  "; },
    groupEnd: () => { indent = indent.slice(2); },
    time: (label = "default") => { times.set(label, performance.now()); },
    timeEnd: (label = "default") => { if (times.has(label)) { out(elapsed(label)); times.delete(label); } },
    timeLog: (label = "default", ...args) => { if (times.has(label)) out(elapsed(label), ...args); },
  };
  impl.groupCollapsed = impl.group;
  for (const name of methods) Object.defineProperty(this, name, { value: impl[name], writable: true, configurable: true });
}
Object.defineProperty(Console, "length", { value: 1 });
for (const name of methods) Object.defineProperty(Console.prototype, name, { value: { [name]() {} }[name], writable: true, configurable: true });

const exported = {};
for (const name of Object.keys(console)) exported[name] = console[name];
Object.defineProperty(exported, Symbol.toStringTag, { value: "console" });
const hidden = { _ignoreErrors: true, _stderrErrorHandler() {}, _stdoutErrorHandler() {}, _times: new Map() };
Object.assign(exported, { Console, context: notImplemented("Console.context"), createTask: notImplemented("Console.createTask") }, hidden);
for (const [name, from] of [["_stdout", "stdout"], ["_stderr", "stderr"]]) {
  Object.defineProperty(exported, name, { enumerable: true, configurable: true, get: () => require("process")[from] });
  hidden[name] = true;
}
module.exports = exported;
module.hidden = hidden;
