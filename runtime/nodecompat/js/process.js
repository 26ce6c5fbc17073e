const EventEmitter = require("events");
const { codes, notImplemented, validateString } = require("internal/errors");
const { host } = native;

function Process() {}
Process.prototype = Object.create(EventEmitter.prototype);
Object.defineProperty(Process.prototype, Symbol.toStringTag, { value: "process", configurable: true });

const process = module.exports = new Process();
EventEmitter.call(process);
delete process.domain;
watchRejections();

// The events of the global object are those of process for whoever listens to
// these. A listener deals with a rejection, as in Node: the log does not have it.
function watchRejections() {
  let watching = false;
  process.on("newListener", (name) => {
    if (watching || name !== "unhandledRejection" && name !== "rejectionHandled") return;
    watching = true;
    addEventListener("unhandledrejection", (e) => {
      if (process.emit("unhandledRejection", e.reason, e.promise)) e.preventDefault();
    });
    addEventListener("rejectionhandled", (e) => process.emit("rejectionHandled", e.promise));
  });
}

// Properties of the environment are strings: variables and secrets, JSON ones as
// their text.
function environment() {
  const vars = {};
  if (host.env && host.flag("nodejs_compat_populate_process_env")) {
    for (const name of Object.keys(host.env)) {
      const v = host.env[name];
      if (typeof v === "string") vars[name] = v;
      else if (typeof v !== "function" && !host.isNative(v) && (v === null || typeof v !== "object" || Array.isArray(v) || Object.getPrototypeOf(v) === Object.prototype)) {
        vars[name] = JSON.stringify(v);
      }
    }
  }
  return new Proxy(vars, { set: assign, defineProperty: define });
}

function text(value) {
  if (typeof value === "symbol") throw new TypeError("Cannot convert a symbol value to a string");
  return `${value}`;
}
function assign(vars, name, value) {
  vars[text(name)] = text(value);
  return true;
}
function define(vars, name, d) {
  if (!("value" in d)) throw codes.ERR_INVALID_ARG_VALUE("descriptor", d, "process.env value must not have getter/setter");
  for (const is of ["configurable", "writable", "enumerable"]) {
    if (!d[is]) throw codes.ERR_INVALID_ARG_VALUE(`descriptor.${is}`, d, `process.env value must be ${is}`);
  }
  return Reflect.defineProperty(vars, text(name), { ...d, value: text(d.value) });
}

let cwd = "/bundle";
function getCwd() { return cwd; }
Object.defineProperty(getCwd, "name", { value: "bound getCwd" });
function chdir(directory) {
  validateString(directory, "directory");
  const { find, fail } = require("internal/vfs");
  if (directory === "") throw fail("ENOENT", "chdir");
  const to = require("path").posix.resolve(cwd, directory);
  if (find(to.split("/").filter(Boolean), { syscall: "chdir" })?.type !== "dir") throw fail("ENOENT", "chdir", directory.replace(/^\//, ""));
  cwd = to;
}

const start = Date.now();
function hrtime(time) {
  const now = performance.timeOrigin + performance.now();
  let seconds = Math.floor(now / 1000), nanos = Math.floor((now % 1000) * 1e6);
  if (time !== undefined) {
    if (!Array.isArray(time)) throw codes.ERR_INVALID_ARG_TYPE("time", "tuple of integers", time);
    if (time.length !== 2) throw codes.ERR_OUT_OF_RANGE("time", "2", time);
    seconds -= time[0];
    nanos -= time[1];
    if (nanos < 0) [seconds, nanos] = [seconds - 1, nanos + 1e9];
  }
  return [seconds, nanos];
}
hrtime.bigint = function () { return BigInt(Math.floor((performance.timeOrigin + performance.now()) * 1e6)); };
Object.defineProperty(hrtime.bigint, "name", { value: "bigint" });

function nextTick(callback, ...args) {
  queueMicrotask(() => callback(...args));
}

// emitWarning takes (warning, options), (warning, type, code, ctor) and what lies
// between.
function emitWarning(warning, options, codeOrCtor, maybeCtor) {
  let type, code, detail, ctor;
  if (typeof options === "object" && !Array.isArray(options)) {
    ({ type, code, detail, ctor } = options);
  } else if (typeof options === "string") {
    type = options;
    if (typeof codeOrCtor === "string") [code, ctor] = [codeOrCtor, maybeCtor];
    else ctor = codeOrCtor;
    if (ctor !== undefined && typeof ctor !== "function") throw codes.ERR_INVALID_ARG_TYPE("ctor", "function", ctor);
  } else if (typeof options === "function") {
    ctor = options;
  } else if (options !== undefined) {
    throw codes.ERR_INVALID_ARG_TYPE("options", "object", options);
  }
  if (typeof warning === "string") {
    if (ctor && !ctor.prototype) throw new TypeError("ErrorConstructor is not a constructor");
    warning = Object.assign(new (ctor || Error)(warning), { name: type || "Warning" });
  } else if (!(warning instanceof Error)) {
    throw codes.ERR_INVALID_ARG_TYPE("warning", "string or Error", warning);
  } else if (type && type !== "Warning") {
    warning.name = type;
  }
  if (code) warning.code = code;
  if (typeof detail === "string" && detail) warning.detail = detail;
  Error.captureStackTrace(warning, ctor || emitWarning);
  queueMicrotask(() => process.emit("warning", warning));
}

function exit(code) {
  const text = `The Node.js process.exit(${code ?? process.exitCode ?? 0}) API was called. Canceling the request.`;
  throw new Error(text);
}

const permitted = (name) => function () { throw Object.assign(new Error("operation not permitted"), { code: "EPERM", errno: 1, syscall: name }); };
// There is one user, and one may become that.
const root = (name) => (id) => { if (id !== 0) permitted(name)(); };
function umask(mask) {
  if (mask !== undefined) {
    if (typeof mask !== "string" && typeof mask !== "number") throw codes.ERR_INVALID_ARG_TYPE("mask", "number", mask);
    const number = typeof mask === "number" ? mask : /^[0-7]+$/.test(mask) ? parseInt(mask, 8) : NaN;
    if (!(number >= 0 && number <= 0xffffffff && Number.isInteger(number))) throw codes.ERR_INVALID_ARG_VALUE("mask", mask, "must be a 32-bit unsigned integer or an octal string");
  }
  return 18;
}
const missing = (name, length) => notImplemented(`process.${name}`, length);
const nothing = () => function () {};

function add(name, value, enumerable = true) { Object.defineProperty(process, name, { value, writable: true, enumerable, configurable: true }); }
function method(name, length, f) {
  Object.defineProperty(f, "name", { value: name, configurable: true });
  Object.defineProperty(f, "length", { value: length, configurable: true });
  add(name, f);
}
function lazy(name, make) {
  Object.defineProperty(process, name, {
    enumerable: true, configurable: true,
    get() { const v = make(); add(name, v); return v; },
    set(v) { add(name, v); },
  });
}

const version = host.flag("nodejs_process_version_24") ? "24.11.1" : "22.23.4";
class Versions {}
const versions = Object.assign(new Versions(), { node: version });
for (const name of ["v8", "modules", "zlib", "brotli", "zstd", "ares", "napi", "llhttp", "nghttp2", "acorn", "ada", "simdutf", "nbytes", "ncrypto", "uvwasi", "uv", "openssl", "sqlite", "icu", "undici", "simdjson", "unicode", "cldr", "tz", "cjs_module_lexer", "amaro", "merve"]) versions[name] = "";

for (const [name, value] of Object.entries({
  arch: "x64", argv: ["workerd"], argv0: "workerd", connected: false,
  channel: null, debugPort: 0, domain: null, execArgv: [], execPath: "", exitCode: undefined,
  features: { cached_builtins: true, debug: false, inspector: false, ipv6: true, openssl_is_boringssl: true, require_module: false, tls: true, tls_alpn: true, tls_ocsp: true, tls_sni: true, typescript: false, uv: true },
  moduleLoadList: [], noDeprecation: false, pid: 1, platform: "linux", ppid: 0, release: { name: "node", lts: true, sourceUrl: "", headersUrl: "" },
  sourceMapsEnabled: false, throwDeprecation: false, title: "workerd", traceDeprecation: false, version: `v${version}`, versions,
  _channel: undefined, _disconnect: undefined, _exiting: false, _handleQueue: undefined, _pendingMessage: undefined, _preload_modules: [], _send: undefined,
})) add(name, value);

lazy("config", () => require("data/process_config"));
lazy("env", environment);
lazy("stdout", () => require("internal/stdio").output(1));
lazy("stderr", () => require("internal/stdio").output(2));
lazy("stdin", () => require("internal/stdio").input());
add("assert", (value, message) => require("assert")(value, message));
Object.defineProperty(process.assert, "name", { value: "assert" });


add("finalization", Object.fromEntries(["register", "registerBeforeExit", "unregister"].map((name) => [name, missing(`finalization.${name}`)])));
add("permission", { has: missing("permission.has") });
add("report", {
  compact: false, directory: "", filename: "", getReport: () => ({}), reportOnFatalError: false, reportOnSignal: false, reportOnUncaughtException: false, excludeNetwork: false,
  excludeEnv: false, signal: "SIGUSR2", writeReport: missing("report.writeReport"),
});
add("allowedNodeEnvironmentFlags", new Set());
add("cwd", getCwd);
add("hrtime", hrtime);

for (const [name, [length, f]] of Object.entries({
  _debugEnd: [0, nothing()], _debugProcess: [1, nothing()], _fatalException: [1, () => false], _getActiveHandles: [0, () => []], _getActiveRequests: [0, () => []],
  _kill: [2, missing("_kill")], _linkedBinding: [1, missing("_linkedBinding")], _rawDebug: [0, (...args) => console.error(...args)],
  _startProfilerIdleNotifier: [0, nothing()], _stopProfilerIdleNotifier: [0, nothing()], _tickCallback: [0, nothing()],
  abort: [0, () => exit(134)], availableMemory: [0, () => 0], binding: [1, missing("binding")], chdir: [1, chdir], constrainedMemory: [0, () => 0],
  cpuUsage: [1, missing("cpuUsage")], dlopen: [3, missing("dlopen")], emitWarning: [4, emitWarning], execve: [3, missing("execve")], exit: [1, exit],
  getActiveResourcesInfo: [0, missing("getActiveResourcesInfo")], getBuiltinModule: [1, (id) => host.getBuiltinModule(`${id}`)],
  getSourceMapsSupport: [0, () => ({ enabled: false, nodeModules: false, generatedCode: false })],
  getegid: [0, () => 0], geteuid: [0, () => 0], getgid: [0, () => 0], getgroups: [0, () => [0]], getuid: [0, () => 0],
  hasUncaughtExceptionCaptureCallback: [0, missing("hasUncaughtExceptionCaptureCallback")], initgroups: [2, permitted("initgroups")], kill: [2, missing("kill")],
  loadEnvFile: [0, (path = ".env") => Object.assign(process.env, require("util").parseEnv(require("fs").readFileSync(path, "utf8")))],
  memoryUsage: [0, () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 })], nextTick: [1, nextTick], openStdin: [0, () => process.stdin],
  reallyExit: [1, exit], ref: [0, nothing()],
  resourceUsage: [0, () => Object.fromEntries(["userCPUTime", "systemCPUTime", "maxRSS", "sharedMemorySize", "unsharedDataSize", "unsharedStackSize", "minorPageFault", "majorPageFault", "swappedOut", "fsRead", "fsWrite", "ipcSent", "ipcReceived", "signalsCount", "voluntaryContextSwitches", "involuntaryContextSwitches"].map((k) => [k, 0]))],
  send: [2, () => false], setSourceMapsEnabled: [2, nothing()], setUncaughtExceptionCaptureCallback: [1, missing("setUncaughtExceptionCaptureCallback")],
  setegid: [1, root("setegid")], seteuid: [1, root("seteuid")], setgid: [1, root("setgid")], setgroups: [1, permitted("setgroups")], setuid: [1, root("setuid")],
  threadCpuUsage: [0, missing("threadCpuUsage")], umask: [1, umask], unref: [0, nothing()], uptime: [0, () => (Date.now() - start) / 1000],
})) method(name, length, f);

