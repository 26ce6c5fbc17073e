// util.MIMEType and MIMEParams. https://nodejs.org/api/util.html#class-utilmimetype
const { codes } = require("internal/errors");

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const quotable = /^[\t\u0020-\u007E\u0080-\u00FF]*$/;

const encode = (v) => (v !== "" && token.test(v) ? v : `"${v.replace(/["\\]/g, "\\$&")}"`);

class MIMEParams {
  #data = new Map();
  delete(name) { this.#data.delete(`${name}`); }
  get(name) { return this.#data.get(`${name}`) ?? null; }
  has(name) { return this.#data.has(`${name}`); }
  set(name, value) {
    [name, value] = [`${name}`, `${value}`];
    const badName = name.split("").findIndex((c) => !token.test(c));
    if (name === "" || badName >= 0) throw codes.ERR_INVALID_MIME_SYNTAX("parameter name", name, badName);
    const badValue = value.split("").findIndex((c) => !quotable.test(c));
    if (badValue >= 0) throw codes.ERR_INVALID_MIME_SYNTAX("parameter value", value, badValue);
    this.#data.set(name, value);
  }
  entries() { return this.#data.entries(); }
  keys() { return this.#data.keys(); }
  values() { return this.#data.values(); }
  toString() { return [...this.#data].map(([k, v]) => `${k}=${encode(v)}`).join(";"); }
  toJSON() { return this.toString(); }
  [Symbol.iterator]() { return this.entries(); }

  // parse reads ";name=value" pairs; the first of a name wins, what is no pair
  // is passed over.
  parse(text) {
    const pair = /;[\t\n\f\r ]*([^;=]*)(?:=(?:"((?:[^"\\]|\\.)*)"?[^;]*|([^;]*)))?/g;
    for (const [, rawName, quoted, plain] of text.matchAll(pair)) {
      const name = rawName.toLowerCase(), value = quoted?.replace(/\\(.)/g, "$1") ?? plain?.trimEnd();
      if (name === "" || value === undefined || (quoted === undefined && value === "") || !token.test(name) || !quotable.test(value)) continue;
      if (!this.#data.has(name)) this.#data.set(name, value);
    }
    return this;
  }
}
const parse = MIMEParams.prototype.parse;
delete MIMEParams.prototype.parse;

class MIMEType {
  #type; #subtype; #params;
  constructor(string) {
    string = `${string}`.trim();
    const slash = string.indexOf("/"), semicolon = string.indexOf(";");
    const type = slash < 0 ? string : string.slice(0, slash);
    const badType = type.split("").findIndex((c) => !token.test(c));
    if (slash < 0 || type === "" || badType >= 0) throw codes.ERR_INVALID_MIME_SYNTAX("type", string, slash < 0 ? -1 : badType);
    const subtype = string.slice(slash + 1, semicolon < 0 ? undefined : semicolon).trimEnd();
    const badSub = subtype.split("").findIndex((c) => !token.test(c));
    if (subtype === "" || badSub >= 0) throw codes.ERR_INVALID_MIME_SYNTAX("subtype", string, badSub);
    this.#type = type.toLowerCase();
    this.#subtype = subtype.toLowerCase();
    this.#params = parse.call(new MIMEParams(), semicolon < 0 ? "" : string.slice(semicolon));
  }
  get type() { return this.#type; }
  set type(v) {
    v = `${v}`;
    if (!token.test(v)) throw codes.ERR_INVALID_MIME_SYNTAX("type", v, v.split("").findIndex((c) => !token.test(c)));
    this.#type = v.toLowerCase();
  }
  get subtype() { return this.#subtype; }
  set subtype(v) {
    v = `${v}`;
    if (!token.test(v)) throw codes.ERR_INVALID_MIME_SYNTAX("subtype", v, v.split("").findIndex((c) => !token.test(c)));
    this.#subtype = v.toLowerCase();
  }
  get essence() { return `${this.#type}/${this.#subtype}`; }
  get params() { return this.#params; }
  toString() {
    const params = this.#params.toString();
    return this.essence + (params && `;${params}`);
  }
  toJSON() { return this.toString(); }
}
Object.defineProperty(MIMEType, "length", { value: 0 });

module.exports = { MIMEParams, MIMEType };
