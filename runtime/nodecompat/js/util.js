const {
  codes, AbortError, notImplemented, validateAbortSignal, validateFunction, validateNumber, validateOneOf, validateString,
} = require("internal/errors");
const equal = require("internal/equal");
const { MIMEParams, MIMEType } = require("internal/mime");
const { debuglog } = require("internal/debuglog");
const types = require("util/types");

// Node's inspect touches every built-in when it is loaded, so that is put off.
const lazy = (name, length) => Object.defineProperty({ [name](...args) { return require("internal/inspect")[name].apply(this, args); } }[name], "length", { value: length });
const inspect = lazy("inspect", 2), format = lazy("format", 0), formatWithOptions = lazy("formatWithOptions", 1);
inspect.custom = Symbol.for("nodejs.util.inspect.custom");
for (const name of ["colors", "styles", "defaultOptions"]) {
  Object.defineProperty(inspect, name, {
    enumerable: true, configurable: true,
    get: () => require("internal/inspect").inspect[name], set: (v) => { require("internal/inspect").inspect[name] = v; },
  });
}

function isDeepStrictEqual(a, b) { return equal.isDeepStrictEqual(a, b); }

const custom = Symbol.for("nodejs.util.promisify.custom");
const customArgs = Symbol("customPromisifyArgs");
function promisify(original) {
  validateFunction(original, "original");
  if (original[custom]) {
    validateFunction(original[custom], "util.promisify.custom");
    return Object.defineProperty(original[custom], custom, { value: original[custom], enumerable: false, configurable: true });
  }
  const names = original[customArgs];
  function fn(...args) {
    return new Promise((resolve, reject) => {
      original.call(this, ...args, (err, ...values) => {
        if (err) reject(err);
        else if (names !== undefined && values.length > 1) resolve(Object.fromEntries(names.map((n, i) => [n, values[i]])));
        else resolve(values[0]);
      });
    });
  }
  Object.setPrototypeOf(fn, Object.getPrototypeOf(original));
  Object.defineProperty(fn, custom, { value: fn, enumerable: false, configurable: true });
  return Object.defineProperties(fn, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = custom;

function callbackify(original) {
  validateFunction(original, "original");
  function callbackified(...args) {
    const callback = args.pop();
    validateFunction(callback, "last argument");
    const done = callback.bind(this);
    original.apply(this, args).then((v) => queueMicrotask(() => done(null, v)), (reason) => queueMicrotask(() => {
      if (!reason) {
        const err = codes.ERR_FALSY_VALUE_REJECTION();
        err.reason = reason;
        reason = err;
      }
      done(reason);
    }));
  }
  const d = Object.getOwnPropertyDescriptors(original);
  if (typeof d.length?.value === "number") d.length.value++;
  if (typeof d.name?.value === "string") d.name.value += "Callbackified";
  delete d.prototype;
  return Object.defineProperties(callbackified, d);
}

function inherits(ctor, superCtor) {
  if (ctor === undefined || ctor === null) throw codes.ERR_INVALID_ARG_TYPE("ctor", "function", ctor);
  if (superCtor === undefined || superCtor === null) throw codes.ERR_INVALID_ARG_TYPE("superCtor", "function", superCtor);
  if (superCtor.prototype === undefined) throw codes.ERR_INVALID_ARG_TYPE("superCtor.prototype", "object", superCtor.prototype);
  Object.defineProperty(ctor, "super_", { value: superCtor, writable: true, configurable: true });
  Object.setPrototypeOf(ctor.prototype, superCtor.prototype);
}

function deprecate(fn, message, code, options) { return fn; }

function _extend(target, source) {
  if (source === null || typeof source !== "object") return target;
  for (const key of Object.keys(source)) target[key] = source[key];
  return target;
}

function styleText(format, text) {
  validateString(text, "text");
  for (const key of [format].flat()) {
    if (!inspect.colors[key]) validateOneOf(key, "format", Object.keys(inspect.colors));
  }
  return text; // standard output is no terminal
}

const ansi = /[\u001B\u009B][[\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\d\/#&.:=?%@~_]+)*|[a-zA-Z\d]+(?:;[-a-zA-Z\d\/#&.:=?%@~_]*)*)?(?:\u0007|\u001B\u005C|\u009C))|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~]))/g;
function stripVTControlCharacters(str) {
  validateString(str, "str");
  return str.replace(ansi, "");
}

function toUSVString(input) { return `${input}`.toWellFormed(); }

const { aborted } = { async aborted(signal, resource) {
  if (signal === undefined) throw codes.ERR_INVALID_ARG_TYPE("signal", "AbortSignal", signal);
  validateAbortSignal(signal, "signal");
  if (resource === null || (typeof resource !== "object" && typeof resource !== "function")) throw codes.ERR_INVALID_ARG_TYPE("resource", "object", resource);
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
} };

function parseEnv(content) {
  validateString(content, "content");
  const out = {};
  const line = /^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$/mg;
  for (const m of content.replace(/\r\n?/g, "\n").matchAll(line)) {
    let value = (m[2] ?? "").trim();
    const quote = value[0];
    value = value.replace(/^(['"`])([\s\S]*)\1$/, "$2");
    if (quote === '"') value = value.replace(/\\n/g, "\n").replace(/\\r/g, "\r");
    out[m[1]] = value;
  }
  return out;
}

function parseArgs(...args) { throw new Error("node:util parseArgs is not implemented"); }

const systemErrors = () => require("data/system_errors");
function getSystemErrorMap() { return new Map(systemErrors()); }
function systemError(err, at) {
  validateNumber(err, "err");
  if (err >= 0 || !Number.isSafeInteger(err)) throw codes.ERR_OUT_OF_RANGE("err", "a negative integer", err);
  return systemErrors().find(([n]) => n === err)?.[1][at];
}
function getSystemErrorName(err) { return systemError(err, 0) ?? `Unknown system error ${err}`; }
function getSystemErrorMessage(err) { return systemError(err, 1) ?? `Unknown system error ${err}`; }

function getCallSites() {
  const frames = new Error().stack.split("\n").slice(2);
  return frames.map((f) => /at (?:(.*?) \()?(.*?):(\d+):(\d+)/.exec(f)).filter(Boolean).map(([, functionName, scriptName, line, column]) => ({
    functionName: functionName ?? "", scriptName, lineNumber: +line, columnNumber: +column, column: +column,
  }));
}
Object.defineProperty(getCallSites, "name", { value: "bound getCallSites" });

// diff is the shortest edit script: [operation, item], 0 for kept, 1 for only
// in actual, -1 for only in expected.
function diff(actual, expected) {
  if (actual === expected) return [];
  for (const [v, name] of [[actual, "actual"], [expected, "expected"]]) {
    if (typeof v !== "string" && !(Array.isArray(v) && v.every((x) => typeof x === "string"))) throw codes.ERR_INVALID_ARG_TYPE(name, ["string", "Array"], v);
  }
  const a = [...actual], b = [...expected];
  const length = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
  }
  const out = [];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { out.push([0, a[i]]); i++; j++; }
    else if (i < a.length && (j === b.length || length[i + 1][j] >= length[i][j + 1])) out.push([1, a[i++]]);
    else out.push([-1, b[j++]]);
  }
  return out;
}

function convertProcessSignalToExitCode(signal) {
  const number = require("data/os").signals[signal];
  if (number === undefined) throw codes.ERR_UNKNOWN_SIGNAL(signal);
  return 128 + number;
}
function setTraceSigInt(enable) {}
function transferableAbortController() { return new AbortController(); }
function transferableAbortSignal(signal) {
  if (!(signal instanceof AbortSignal)) throw codes.ERR_INVALID_ARG_TYPE("signal", "AbortSignal", signal);
  return signal;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
function log(...args) {
  const d = new Date(), two = (n) => String(n).padStart(2, "0");
  console.log("%s - %s", `${d.getDate()} ${months[d.getMonth()]} ${[d.getHours(), d.getMinutes(), d.getSeconds()].map(two).join(":")}`, format(...args));
}

// The type tests that everybody writes by hand.
const is = {
  isBoolean: (v) => typeof v === "boolean",
  isBuffer: (v) => v instanceof require("buffer").Buffer,
  isDate: (v) => types.isDate(v),
  isError: (v) => types.isNativeError(v) || v instanceof Error,
  isFunction: (v) => typeof v === "function",
  isNull: (v) => v === null,
  isNullOrUndefined: (v) => v === null || v === undefined,
  isNumber: (v) => typeof v === "number",
  isObject: (v) => v !== null && typeof v === "object",
  isPrimitive: (v) => v === null || (typeof v !== "object" && typeof v !== "function"),
  isRegExp: (v) => types.isRegExp(v),
  isString: (v) => typeof v === "string",
  isSymbol: (v) => typeof v === "symbol",
  isUndefined: (v) => v === undefined,
};

module.exports = {
  _errnoException: notImplemented("_errnoException"), _exceptionWithHostPort: notImplemented("_exceptionWithHostPort"), _extend, aborted,
  callbackify, convertProcessSignalToExitCode, debug: debuglog, debuglog, deprecate, diff, format, formatWithOptions,
  getCallSite: getCallSites, getCallSites, getSystemErrorMap, getSystemErrorMessage, getSystemErrorName, inherits, inspect,
  isArray: Array.isArray, isDeepStrictEqual, ...is, log, parseArgs, parseEnv, promisify, setTraceSigInt, stripVTControlCharacters, styleText,
  toUSVString, transferableAbortController, transferableAbortSignal, types, TextDecoder, TextEncoder, MIMEParams, MIMEType,
};
