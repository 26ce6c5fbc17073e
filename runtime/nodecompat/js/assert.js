const { codes, validateFunction } = require("internal/errors");
const { isDeepStrictEqual, isPartial } = require("internal/equal");
const inspect = (v) => require("internal/inspect").inspect(v);

const missing = Symbol("missing");
function strictDiff(actual, expected) {
  const strings = typeof actual === "string" && typeof expected === "string";
  const mark = (sign, v) => (strings ? v : inspect(v)).split("\n").map((l) => `${sign}   ${l}\n`).join("");
  const multi = strings ? "\n" : "";
  return `Values are not strictly equal:\n\n\n[Diff] Actual / Expected\n\n\n${mark("-", actual)}${mark("+", expected)}${multi}`;
}

function deepDiff(actual, expected) {
  const head = "Expected values to be strictly deep-equal:\n";
  if ((typeof actual !== "object" || actual === null) && (typeof expected !== "object" || expected === null)) {
    return `${head}\n${inspect(actual)} !== ${inspect(expected)}\n`;
  }
  const a = inspect(actual).split("\n"), b = inspect(expected).split("\n");
  if (a.length === 1 && b.length === 1 && a[0] !== b[0]) {
    let at = 0;
    while (a[0][at] === b[0][at]) at++;
    return `${head}+ actual - expected\n\n+ ${a[0]}\n- ${b[0]}${at > 2 ? `\n${" ".repeat(at + 2)}^` : ""}`;
  }
  const lines = require("util").diff(a, b).map(([op, line]) => `${op === 0 ? " " : op > 0 ? "+" : "-"} ${line}`);
  return `${head}+ actual - expected\n\n${lines.join("\n")}`;
}

class AssertionError extends Error {
  constructor(options) {
    const { message, actual, expected, operator, stackStartFn } = options ?? {};
    let said = message;
    if (said == null) {
      if (operator === "deepStrictEqual" || operator === "deepEqual") said = deepDiff(actual, expected);
      else if (operator === "notDeepStrictEqual" || operator === "notDeepEqual") said = "Expected actual to not be deeply strictly equal to expected";
      else if (operator === "strictEqual" || operator === "equal") said = strictDiff(actual, expected);
      else if (operator === "notStrictEqual" || operator === "notEqual") said = "Expected actual to be strictly unequal to expected";
      else said = `${inspect(actual)} ${operator} ${inspect(expected)}`;
    }
    super(String(said));
    this.generatedMessage = !message;
    Object.defineProperty(this, "name", { value: "AssertionError", enumerable: false, writable: true, configurable: true });
    this.code = "ERR_ASSERTION";
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
    Error.captureStackTrace(this, stackStartFn);
  }
  toString() { return `${this.name} [${this.code}]: ${this.message}`; }
}
Object.defineProperty(AssertionError, "length", { value: 1 });

// give throws message, or an AssertionError saying so.
function give(message, options) {
  if (message instanceof Error) throw message;
  throw new AssertionError({ ...options, message });
}

const checks = {
  equal(actual, expected, message) { if (!(actual == expected || (actual !== actual && expected !== expected))) give(message, { actual, expected, operator: "equal" }); },
  notEqual(actual, expected, message) { if (actual == expected || (actual !== actual && expected !== expected)) give(message, { actual, expected, operator: "notEqual" }); },
  strictEqual(actual, expected, message) { if (!Object.is(actual, expected)) give(message, { actual, expected, operator: "strictEqual" }); },
  notStrictEqual(actual, expected, message) { if (Object.is(actual, expected)) give(message, { actual, expected, operator: "notStrictEqual" }); },
  deepEqual(actual, expected, message) { if (!require("internal/equal").isDeepEqual(actual, expected)) give(message, { actual, expected, operator: "deepEqual" }); },
  notDeepEqual(actual, expected, message) { if (require("internal/equal").isDeepEqual(actual, expected)) give(message, { actual, expected, operator: "notDeepEqual" }); },
  deepStrictEqual(actual, expected, message) { if (!isDeepStrictEqual(actual, expected)) give(message, { actual, expected, operator: "deepStrictEqual" }); },
  notDeepStrictEqual(actual, expected, message) { if (isDeepStrictEqual(actual, expected)) give(message, { actual, expected, operator: "notDeepStrictEqual" }); },
  partialDeepStrictEqual(actual, expected, message) {
    if (!isPartial(actual, expected)) give(message ?? "Expected actual to be partially deeply strictly equal to expected", { actual, expected, operator: "partialDeepStrictEqual" });
  },
  match(string, regexp, message) {
    if (!(regexp instanceof RegExp)) throw codes.ERR_INVALID_ARG_TYPE("regexp", "RegExp", regexp);
    if (typeof string !== "string" || !regexp.test(string)) give(message ?? `actual: ${JSON.stringify(string)} expected to match: "${regexp}"`, { actual: string, expected: regexp, operator: "match" });
  },
  doesNotMatch(string, regexp, message) {
    if (!(regexp instanceof RegExp)) throw codes.ERR_INVALID_ARG_TYPE("regexp", "RegExp", regexp);
    if (typeof string !== "string" || regexp.test(string)) give(message ?? `actual: ${JSON.stringify(string)} expected to not match: "${regexp}"`, { actual: string, expected: regexp, operator: "doesNotMatch" });
  },
  fail(message) { give(message ?? "Failed", { operator: "fail" }); },
  ifError(value) {
    if (value === null || value === undefined) return;
    let message = "ifError got unwanted exception: ";
    message += typeof value === "object" && typeof value.message === "string" ? value.message || value.constructor?.name : inspect(value);
    const err = new AssertionError({ actual: value, expected: null, operator: "ifError", message });
    err.generatedMessage = true;
    throw err;
  },
  throws(fn, expected, message) { wanted("throws", raised(fn), expected, message); },
  doesNotThrow(fn, expected, message) { unwanted("doesNotThrow", raised(fn), expected, message); },
  async rejects(promiseFn, expected, message) { wanted("rejects", await rejected(promiseFn), expected, message); },
  async doesNotReject(promiseFn, expected, message) { unwanted("doesNotReject", await rejected(promiseFn), expected, message); },
};

function ok(args) {
  const [value, message] = args;
  if (value) return;
  if (args.length === 0) give("No value argument passed to `assert.ok()`", { actual: value, expected: true, operator: "==" });
  give(message, { actual: value, expected: true, operator: "==" });
}

function raised(fn) {
  validateFunction(fn, "fn");
  try {
    fn();
  } catch (err) {
    return err;
  }
  return missing;
}

async function rejected(promiseFn) {
  let p = promiseFn;
  if (typeof promiseFn === "function") {
    p = promiseFn();
    if (typeof p?.then !== "function") throw codes.ERR_INVALID_RETURN_VALUE("instance of Promise", "promiseFn", p);
  } else if (typeof p?.then !== "function" || typeof p.catch !== "function") {
    throw codes.ERR_INVALID_ARG_TYPE("promiseFn", ["function", "Promise"], p);
  }
  try {
    await p;
  } catch (err) {
    return err;
  }
  return missing;
}

function wanted(operator, err, expected, message) {
  if (typeof expected === "string") {
    if (arguments.length > 3 && message !== undefined) throw codes.ERR_INVALID_ARG_TYPE("error", ["Object", "Error", "function", "RegExp"], expected);
    [expected, message] = [undefined, expected];
  } else if (expected != null && typeof expected !== "object" && typeof expected !== "function") {
    throw codes.ERR_INVALID_ARG_TYPE("error", ["Object", "Error", "function", "RegExp"], expected);
  }
  if (err === missing) {
    const what = operator === "rejects" ? "rejection" : "exception";
    const name = expected?.name ? ` (${expected.name})` : "";
    give(`Missing expected ${what}${name}${message ? `: ${message}` : "."}`, { expected, operator });
  }
  if (expected != null) matches(err, expected, message, operator);
}

function unwanted(operator, err, expected, message) {
  if (err === missing) return;
  if (typeof expected === "string") [expected, message] = [undefined, expected];
  if (expected && !isOfType(err, expected)) throw err;
  give(`Got unwanted exception${message ? `: ${message}` : "."}\nActual message: "${err?.message}"`, { actual: err, expected, operator });
}

function isOfType(err, expected) {
  if (expected instanceof RegExp) return expected.test(String(err));
  if (expected.prototype !== undefined && err instanceof expected) return true;
  return !(expected === Error || Object.prototype.isPrototypeOf.call(Error, expected)) && expected.call({}, err) === true;
}

function matches(err, expected, message, operator) {
  const fail = (said) => {
    if (message instanceof Error) throw message;
    const e = new AssertionError({ actual: err, expected, operator, message: message ?? said });
    e.generatedMessage = !message;
    throw e;
  };
  if (typeof expected === "function") {
    if (expected.prototype !== undefined && err instanceof expected) return;
    if (expected === Error || Object.prototype.isPrototypeOf.call(Error, expected)) {
      fail(`The error is expected to be an instance of "${expected.name}". Received "${err?.constructor?.name ?? err}"\n\nError message:\n\n${err?.message}`);
    }
    const result = Reflect.apply(expected, {}, [err]);
    if (result !== true) fail(`The ${expected.name ? `"${expected.name}" ` : ""}validation function is expected to return "true". Received ${inspect(result)}\n\nCaught error:\n\n${err}`);
    return;
  }
  if (expected instanceof RegExp) {
    if (!expected.test(String(err))) fail(`The input did not match the regular expression ${expected}. Input:\n\n${inspect(String(err))}\n`);
    return;
  }
  if (typeof err !== "object" || err === null) fail(deepDiff(err, expected));
  const keys = Object.keys(expected);
  if (expected instanceof Error) keys.push("name", "message");
  else if (keys.length === 0) throw codes.ERR_INVALID_ARG_VALUE("error", expected, "may not be an empty object");
  for (const key of keys) {
    if (typeof err[key] === "string" && expected[key] instanceof RegExp && expected[key].test(err[key])) continue;
    if (!(key in err) || !isDeepStrictEqual(err[key], expected[key])) fail(deepDiff(err[key], expected[key]));
  }
}

const { assert } = { assert: function assert(value, message) { ok(Array.prototype.slice.call(arguments)); } };
function strict(value, message) { ok(Array.prototype.slice.call(arguments)); }

class Assert {
  constructor(options) {
    if (!new.target) throw codes.ERR_INVALID_ARG_TYPE("new", "function");
  }
}
for (const [name, f] of Object.entries(checks)) {
  const own = function (...args) { return f.apply(this, args); };
  Object.defineProperty(own, "name", { value: name });
  Object.defineProperty(own, "length", { value: name === "ifError" || name === "fail" ? 1 : 3 });
  checks[name] = own;
  Object.defineProperty(Assert.prototype, name, { value: own, writable: true, configurable: true });
}
Object.defineProperty(Assert.prototype, "ok", { value: assert, writable: true, configurable: true });
Object.assign(assert, checks, { AssertionError, Assert, ok: assert, strict });
Object.assign(strict, assert, {
  equal: checks.strictEqual, notEqual: checks.notStrictEqual, deepEqual: checks.deepStrictEqual, notDeepEqual: checks.notDeepStrictEqual, ok: strict, strict,
});

module.exports = assert;
