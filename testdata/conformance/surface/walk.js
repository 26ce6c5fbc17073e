// Walks objects: what is found is one answer a member, by where it is.

const symbols = ["iterator", "asyncIterator", "toStringTag", "dispose", "asyncDispose", "hasInstance", "toPrimitive"].map((n) => Symbol[n]);
const iterator = Object.getPrototypeOf(Object.getPrototypeOf([].values()));
const base = new Map([[iterator, "Iterator.prototype"], [Object.prototype, "Object.prototype"], [Function.prototype, "Function.prototype"], [Array.prototype, "Array.prototype"], [Promise.prototype, "Promise.prototype"], [Error.prototype, "Error.prototype"], [null, "null"]]);

/** Walks on behalf of one isolate; answers are put into `out`. */
export class Walk {
  out = {};
  // The names of the objects walked.
  #seen = new Map(base);
  #taken = new Set();

  /** A class: what it is, its statics and its prototype. */
  class(name, C) {
    this.out[name] = `class /${C.length}`;
    this.#walk(name, C, ["prototype", "length", "name"], true);
    this.prototype(C.prototype, name);
  }

  /** An object that a program meets: its own members, then its class. */
  instance(name, o) {
    if (o === null || (typeof o !== "object" && typeof o !== "function")) {
      this.out[name] = o === null ? "null" : typeof o;
      return;
    }
    this.out[name] = `${typeof o} ${Object.prototype.toString.call(o)}`;
    this.#walk(name, o, typeof o === "function" ? ["length", "name", "prototype"] : Array.isArray(o) ? Object.keys(o) : [], false);
    const proto = Object.getPrototypeOf(o);
    this.out[`${name} extends`] = this.prototype(proto, name);
  }

  /** An object of which no more is promised than that it has methods. */
  methods(name, o, ...names) {
    for (const n of names) this.out[`${name}.${n}`] = typeof o[n];
  }

  /** A prototype and those it inherits from; gives its name. */
  prototype(proto, name) {
    const known = this.#seen.get(proto);
    if (known) return known;
    if (proto.constructor === Object && Object.hasOwn(proto, "constructor")) return "Object.prototype"; // in front of it, the wildcard of stubs
    if (Object.hasOwn(proto, "constructor")) name = proto.constructor.name;
    let path = `${name}.prototype`;
    while (this.#taken.has(path)) path += "'";
    this.#taken.add(path);
    this.#seen.set(proto, path);
    this.#walk(path, proto, [], true);
    const parent = Object.getPrototypeOf(proto);
    this.out[`${path} extends`] = this.prototype(parent, path);
    return path;
  }

  #walk(path, o, except, values) {
    for (const k of Reflect.ownKeys(o)) {
      if (typeof k === "symbol" ? symbols.includes(k) : !except.includes(k) && !/^_|^unsafe/.test(k)) this.out[`${path}.${String(k)}`] = member(o, k, values);
    }
  }
}

/** What a property is: its kind, its function's name and length, its attributes, and with `values` what it is. */
export function member(o, k, values) {
  const d = Object.getOwnPropertyDescriptor(o, k);
  const flags = (d.enumerable ? "e" : "") + (d.configurable ? "c" : "") + (d.writable ? "w" : "");
  if (d.get || d.set) return `${[d.get && fn("get", d.get, `get ${String(k)}`), d.set && fn("set", d.set, `set ${String(k)}`)].filter(Boolean).join(" ")} ${flags}`;
  const v = d.value;
  if (typeof v === "function") return `${k === "constructor" ? `constructor ${v.name}` : fn("method", v, typeof k === "symbol" ? `[${k.description}]` : k)} ${flags}`;
  if (typeof v === "object" || !values) return `${v === null ? "null" : typeof v} ${flags}`;
  return `${typeof v} ${String(v)} ${flags}`;
}

function fn(kind, f, name) {
  return `${kind}/${f.length}${f.name === name ? "" : ` named ${JSON.stringify(f.name)}`}`;
}
