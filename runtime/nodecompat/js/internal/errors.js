// The errors of node: modules, and the checks of arguments that throw them.

function received(value) {
  if (value == null) return ` Received ${value}`;
  if (typeof value === "function" && value.name) return ` Received function ${value.name}`;
  if (typeof value === "object") {
    if (value.constructor?.name) return ` Received an instance of ${value.constructor.name}`;
    return ` Received ${require("internal/inspect").inspect(value, { depth: -1 })}`;
  }
  let text = require("internal/inspect").inspect(value, { colors: false });
  if (text.length > 28) text = text.slice(0, 25) + "...";
  return ` Received type ${typeof value} (${text})`;
}

const primitives = ["string", "function", "number", "object", "Function", "Object", "boolean", "bigint", "symbol"];

function list(words, last) {
  if (words.length < 3) return words.join(` ${last} `);
  return `${words.slice(0, -1).join(", ")}, ${last} ${words.at(-1)}`;
}

function typeMessage(name, expected, actual) {
  const all = [expected].flat();
  const types = [], classes = [], others = [];
  for (const t of all) {
    if (primitives.includes(t)) types.push(t.toLowerCase());
    else if (/^([A-Z][a-z0-9]*)+$/.test(t)) classes.push(t);
    else others.push(t);
  }
  if (classes.length && types.includes("object")) {
    types.splice(types.indexOf("object"), 1);
    classes.push("Object");
  }
  const parts = [];
  if (types.length) parts.push((types.length > 1 ? "one of type " : "of type ") + list(types, "or"));
  if (classes.length) parts.push("an instance of " + list(classes, "or"));
  if (others.length) parts.push((others.length > 1 ? "one of " : others[0].toLowerCase() === others[0] ? "" : "an ") + list(others, "or"));
  const what = name.endsWith(" argument") ? `The ${name}` : `The "${name}" ${name.includes(".") ? "property" : "argument"}`;
  return `${what} must be ${parts.join(" or ")}.${received(actual)}`;
}

function digits(value) {
  let text = String(value), start = text[0] === "-" ? 1 : 0, out = "", i = text.length;
  for (; i >= start + 4; i -= 3) out = `_${text.slice(i - 3, i)}${out}`;
  return text.slice(0, i) + out;
}

function amount(value) {
  if (typeof value === "bigint") return (value > 2n ** 32n || value < -(2n ** 32n) ? digits(value) : String(value)) + "n";
  if (Number.isInteger(value) && Math.abs(value) > 2 ** 32) return digits(value);
  return require("internal/inspect").inspect(value);
}

// Each code: the class, and the message made of the constructor's arguments.
const table = {
  ERR_AMBIGUOUS_ARGUMENT: [TypeError, (name, why) => `The "${name}" argument is ambiguous. ${why}`],
  ERR_ARG_NOT_ITERABLE: [TypeError, (name) => `${name} must be iterable`],
  ERR_ASYNC_TYPE: [TypeError, (type) => `Invalid name for async "type": ${type}`],
  ERR_BUFFER_OUT_OF_BOUNDS: [RangeError, (name) => (name ? `"${name}" is outside of buffer bounds` : "Attempt to access memory outside buffer bounds")],
  ERR_CONSOLE_WRITABLE_STREAM: [TypeError, (name) => `Console expects a writable stream instance for ${name}`],
  ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY: [Error, () => "Public key is not valid for specified curve"],
  ERR_CRYPTO_HASH_FINALIZED: [Error, () => "Digest already called"],
  ERR_CRYPTO_HASH_UPDATE_FAILED: [Error, () => "Hash update failed"],
  ERR_CRYPTO_INCOMPATIBLE_KEY: [Error, (name, why) => `Incompatible ${name}: ${why}`],
  ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS: [Error, (a, b) => `The selected key encoding ${a} ${b}.`],
  ERR_CRYPTO_INVALID_AUTH_TAG: [TypeError, (m) => m],
  ERR_CRYPTO_INVALID_DIGEST: [TypeError, (name) => `Invalid digest: ${name}`],
  ERR_CRYPTO_INVALID_IV: [TypeError, () => "Invalid initialization vector"],
  ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE: [TypeError, (a, b) => `Invalid key object type ${a}, expected ${b}.`],
  ERR_CRYPTO_INVALID_KEYLEN: [RangeError, () => "Invalid key length"],
  ERR_CRYPTO_INVALID_STATE: [Error, (what) => `Invalid state for operation ${what}`],
  ERR_CRYPTO_SIGN_KEY_REQUIRED: [Error, () => "No key provided to sign"],
  ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH: [RangeError, () => "Input buffers must have the same length"],
  ERR_CRYPTO_UNKNOWN_CIPHER: [Error, () => "Unknown cipher"],
  ERR_CRYPTO_UNKNOWN_DH_GROUP: [Error, () => "Unknown DH group"],
  ERR_CRYPTO_UNSUPPORTED_OPERATION: [Error, (m) => m ?? "Unsupported crypto operation"],
  ERR_DIR_CLOSED: [Error, () => "Directory is closed"],
  ERR_EVENT_RECURSION: [Error, (type) => `The event "${type}" is already being dispatched`],
  ERR_FALSY_VALUE_REJECTION: [Error, () => "Promise was rejected with falsy value"],
  ERR_HTTP_BODY_NOT_ALLOWED: [Error, () => "Adding content for this request method or response status is not allowed."],
  ERR_HTTP_CONTENT_LENGTH_MISMATCH: [Error, (a, b) => `Response body's content-length of ${a} byte(s) does not match the content-length of ${b} byte(s) set in header`],
  ERR_HTTP_HEADERS_SENT: [Error, (what) => `Cannot ${what} headers after they are sent to the client`],
  ERR_HTTP_INVALID_HEADER_VALUE: [TypeError, (v, name) => `Invalid value "${v}" for header "${name}"`],
  ERR_HTTP_INVALID_STATUS_CODE: [RangeError, (code) => `Invalid status code: ${code}`],
  ERR_ILLEGAL_CONSTRUCTOR: [TypeError, () => "Illegal constructor"],
  ERR_INCOMPATIBLE_OPTION_PAIR: [TypeError, (a, b) => `Option "${a}" cannot be used in combination with option "${b}"`],
  ERR_INVALID_ADDRESS: [TypeError, () => "Invalid socket address"],
  ERR_INVALID_ARG_TYPE: [TypeError, typeMessage],
  ERR_INVALID_ARG_VALUE: [TypeError, (name, value, why = "is invalid") => {
    let text = require("internal/inspect").inspect(value);
    if (text.length > 128) text = text.slice(0, 128) + "...";
    return `The ${name.includes(".") ? "property" : "argument"} '${name}' ${why}. Received ${text}`;
  }],
  ERR_INVALID_ASYNC_ID: [RangeError, (type, value) => `Invalid ${type} value: ${value}`],
  ERR_INVALID_BUFFER_SIZE: [RangeError, (bits) => `Buffer size must be a multiple of ${bits}`],
  ERR_INVALID_CHAR: [TypeError, (name, field) => `Invalid character in ${name}${field === undefined ? "" : ` ["${field}"]`}`],
  ERR_INVALID_FILE_URL_HOST: [Error, (p) => `File URL host must be "localhost" or empty on ${p}`],
  ERR_INVALID_FILE_URL_PATH: [Error, (why) => `File URL path ${why}`],
  ERR_INVALID_HANDLE_TYPE: [TypeError, () => "This handle type cannot be sent"],
  ERR_INVALID_HTTP_TOKEN: [TypeError, (name, value) => `${name} must be a valid HTTP token ["${value}"]`],
  ERR_INVALID_IP_ADDRESS: [TypeError, (ip) => `Invalid IP address: ${ip}`],
  ERR_INVALID_MIME_SYNTAX: [TypeError, (production, text, at) => `The MIME syntax for a ${production} in ${JSON.stringify(text)} is invalid${at < 0 ? "" : ` at ${at}`}`],
  ERR_INVALID_PROTOCOL: [TypeError, (got, want) => `Protocol "${got}" not supported. Expected "${want}"`],
  ERR_INVALID_RETURN_VALUE: [TypeError, (want, name, value) => `Expected ${want} to be returned from the "${name}" function but got ${value?.constructor?.name ? `an instance of ${value.constructor.name}` : `type ${typeof value}`}.`],
  ERR_INVALID_STATE: [Error, (m) => `Invalid state: ${m}`],
  ERR_INVALID_THIS: [TypeError, (type) => `Value of "this" must be of type ${type}`],
  ERR_INVALID_URI: [URIError, () => "URI malformed"],
  ERR_INVALID_URL: [Error, () => "Invalid URL"],
  ERR_INVALID_URL_SCHEME: [Error, (want) => `The URL must be of scheme ${list([want].flat(), "or")}`],
  ERR_METHOD_NOT_IMPLEMENTED: [Error, (name) => `The ${name} method is not implemented`],
  ERR_MISSING_ARGS: [TypeError, (...names) => `The ${list(names.map((n) => (Array.isArray(n) ? n.map((x) => `"${x}"`).join(" or ") : `"${n}"`)), "and")} argument${names.length > 1 ? "s" : ""} must be specified`],
  ERR_MULTIPLE_CALLBACK: [Error, () => "Callback called multiple times"],
  ERR_OPTION_NOT_IMPLEMENTED: [Error, (name) => `The ${name} option is not implemented`],
  ERR_OUT_OF_RANGE: [RangeError, (name, range, value) => `The value of "${name}" is out of range. It must be ${range}. Received ${amount(value)}`],
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: [TypeError, (m) => m],
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: [TypeError, (arg) => `Unexpected argument '${arg}'. This command does not take positional arguments`],
  ERR_PARSE_ARGS_UNKNOWN_OPTION: [TypeError, (option, positionals) => `Unknown option '${option}'${positionals ? `. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- "${option}"` : ""}`],
  ERR_SCRYPT_NOT_SUPPORTED: [Error, () => "Scrypt algorithm not supported"],
  ERR_SERVER_ALREADY_LISTEN: [Error, () => "Listen method has been called more than once without closing."],
  ERR_SERVER_NOT_RUNNING: [Error, () => "Server is not running."],
  ERR_SOCKET_BAD_PORT: [Error, (name, port, zero = true) => `${name} should be ${zero ? ">=" : ">"} 0 and < 65536. Received ${typeof port}.`],
  ERR_SOCKET_CLOSED: [Error, () => "Socket is closed"],
  ERR_SOCKET_CLOSED_BEFORE_CONNECTION: [Error, () => "Socket closed before the connection was established"],
  ERR_SOCKET_HANDLE_ADOPTED: [Error, () => "The bound socket has already been adopted by a server or socket"],
  ERR_SOCKET_CONNECTING: [Error, () => "Socket is already connecting"],
  ERR_STREAM_PREMATURE_CLOSE: [Error, () => "Premature close"],
  ERR_TLS_CERT_ALTNAME_FORMAT: [SyntaxError, () => "Invalid subject alternative name string"],
  ERR_TLS_INVALID_CONTEXT: [TypeError, (name) => `${name} must be a SecureContext`],
  ERR_UNESCAPED_CHARACTERS: [TypeError, (name) => `${name} contains unescaped characters`],
  ERR_UNHANDLED_ERROR: [Error, (what) => (what === undefined ? "Unhandled error." : `Unhandled error. (${what})`)],
  ERR_UNKNOWN_ENCODING: [TypeError, (e) => `Unknown encoding: ${e}`],
  ERR_UNKNOWN_SIGNAL: [TypeError, (s) => `Unknown signal: ${s}`],
  ERR_UNSUPPORTED_OPERATION: [Error, () => "The requested operation is unsupported"],
  ERR_USE_AFTER_CLOSE: [Error, (what) => `${what} was closed`],
  ERR_ZLIB_INITIALIZATION_FAILED: [Error, () => "Initialization failed"],
};

// codes.X makes the error of code X, with or without new.
const codes = {};
for (const code of Object.keys(table)) {
  const [Base, message] = table[code];
  const Class = Base === TypeError ? Base : { [code]: class extends Base {} }[code];
  codes[code] = function (...args) {
    const err = new Class(message(...args));
    err.code = code;
    err.name = Base.name;
    const title = function () { return `${this.name} [${code}]: ${this.message}`; };
    if (Base === TypeError) err.toString = title;
    else if (Base === Error) Object.defineProperty(err, "toString", { value: title, writable: true, configurable: true });
    Error.captureStackTrace(err, codes[code]);
    return err;
  };
}

class AbortError extends Error {
  constructor(message = "The operation was aborted", options = undefined) {
    super(message, options);
    this.code = "ABORT_ERR";
    this.name = "AbortError";
  }
}

// notImplemented(name) is a function that throws what workerd throws.
function notImplemented(name, length = 0) {
  const short = name.slice(name.lastIndexOf(".") + 1);
  const f = { [short]() { throw codes.ERR_METHOD_NOT_IMPLEMENTED(name); } }[short];
  return Object.defineProperty(f, "length", { value: length, configurable: true });
}

// notImplementedClass(name) can be extended and refused when constructed.
function notImplementedClass(name, members = "", length = 0) {
  const title = name.slice(name.lastIndexOf(".") + 1);
  const C = class { constructor() { throw codes.ERR_METHOD_NOT_IMPLEMENTED(name); } };
  for (const m of members.split(" ").filter(Boolean)) Object.defineProperty(C.prototype, m, { value: notImplemented(`${name}.${m}`), writable: true, configurable: true });
  Object.defineProperty(C, "length", { value: length, configurable: true });
  return Object.defineProperty(C, "name", { value: title, configurable: true });
}

// unenv(name) throws what wrangler's polyfill of an unavailable module throws.
function unenv(name) {
  return function () { throw new Error(`[unenv] ${name} is not implemented yet!`); };
}

function check(type) {
  return (value, name) => { if (typeof value !== type) throw codes.ERR_INVALID_ARG_TYPE(name, type, value); };
}
const validateString = check("string");
const validateFunction = check("function");
const validateBoolean = check("boolean");

function validateNumber(value, name, min = undefined, max) {
  if (typeof value !== "number") throw codes.ERR_INVALID_ARG_TYPE(name, "number", value);
  if ((min != null && value < min) || (max != null && value > max) || ((min != null || max != null) && Number.isNaN(value))) {
    throw codes.ERR_OUT_OF_RANGE(name, `${min != null ? `>= ${min}` : ""}${min != null && max != null ? " && " : ""}${max != null ? `<= ${max}` : ""}`, value);
  }
}

function validateInteger(value, name, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) {
  if (typeof value !== "number") throw codes.ERR_INVALID_ARG_TYPE(name, "number", value);
  if (!Number.isInteger(value)) throw codes.ERR_OUT_OF_RANGE(name, "an integer", value);
  if (value < min || value > max) throw codes.ERR_OUT_OF_RANGE(name, `>= ${min} && <= ${max}`, value);
}

const validateInt32 = (value, name, min = -2147483648, max = 2147483647) => validateInteger(value, name, min, max);
function validateUint32(value, name, positive = false) {
  validateInteger(value, name);
  const min = positive ? 1 : 0;
  if (value < min || value > 4294967295) throw codes.ERR_OUT_OF_RANGE(name, `>= ${min} && < 4294967296`, value);
}

function validateObject(value, name, { allowArray = false, allowFunction = false, nullable = false } = {}) {
  if ((!nullable && value === null) || (!allowArray && Array.isArray(value)) ||
    (typeof value !== "object" && (!allowFunction || typeof value !== "function"))) {
    throw codes.ERR_INVALID_ARG_TYPE(name, "object", value);
  }
}

function validateArray(value, name, min = 0) {
  if (!Array.isArray(value)) throw codes.ERR_INVALID_ARG_TYPE(name, "Array", value);
  if (value.length < min) throw codes.ERR_INVALID_ARG_VALUE(name, value, `must be longer than ${min}`);
}

function validateOneOf(value, name, allowed) {
  if (!allowed.includes(value)) {
    throw codes.ERR_INVALID_ARG_VALUE(name, value, `must be one of: ${allowed.map((v) => (typeof v === "string" ? `'${v}'` : String(v))).join(", ")}`);
  }
}

function validateAbortSignal(signal, name) {
  if (signal !== undefined && (signal === null || typeof signal !== "object" || !("aborted" in signal))) {
    throw codes.ERR_INVALID_ARG_TYPE(name, "AbortSignal", signal);
  }
}

function validateBuffer(value, name = "buffer") {
  if (!ArrayBuffer.isView(value)) throw codes.ERR_INVALID_ARG_TYPE(name, ["Buffer", "TypedArray", "DataView"], value);
}

function validatePort(port, name = "Port", zero = true) {
  if ((typeof port !== "number" && typeof port !== "string") || (typeof port === "string" && port.trim() === "") ||
    +port !== +port >>> 0 || port > 0xffff || (port === 0 && !zero)) {
    throw codes.ERR_SOCKET_BAD_PORT(name, port, zero);
  }
  return port | 0;
}

// named makes plain functions look like the ones of the table: name and length.
function shape(f, name, length = f.length) {
  Object.defineProperty(f, "name", { value: name, configurable: true });
  return Object.defineProperty(f, "length", { value: length, configurable: true });
}

module.exports = {
  codes, AbortError, notImplemented, notImplementedClass, unenv, received, shape,
  validateString, validateFunction, validateBoolean, validateNumber, validateInteger, validateInt32, validateUint32,
  validateObject, validateArray, validateOneOf, validateAbortSignal, validateBuffer, validatePort,
};
