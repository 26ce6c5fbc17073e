// Addresses: net.isIP and kin, SocketAddress, BlockList.
const { codes, validateObject, validateOneOf, validatePort, validateString, validateUint32 } = require("internal/errors");

const v4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
function isIPv4(s) { return v4.test(`${s}`); }

// groups are the eight numbers of an IPv6 address, undefined if it is none.
function groups(s) {
  s = `${s}`.split("%")[0];
  const last = s.lastIndexOf(":"), tail = s.slice(last + 1);
  if (last >= 0 && tail.includes(".")) {
    if (!isIPv4(tail)) return undefined;
    const [a, b, c, d] = tail.split(".").map(Number);
    s = `${s.slice(0, last + 1)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const halves = s.split("::");
  if (halves.length > 2) return undefined;
  const parts = halves.map((h) => (h === "" ? [] : h.split(":")));
  if (parts.flat().some((p) => !/^[0-9a-f]{1,4}$/i.test(p))) return undefined;
  const n = parts.flat().length;
  if (halves.length === 1 ? n !== 8 : n > 7) return undefined;
  const numbers = parts.map((h) => h.map((p) => parseInt(p, 16)));
  return halves.length === 1 ? numbers[0] : [...numbers[0], ...Array(8 - n).fill(0), ...numbers[1]];
}
function isIPv6(s) { return typeof s === "string" && /^[^%]*(%[0-9a-zA-Z.:_-]+)?$/.test(s) && s.includes(":") && groups(s) !== undefined; }
function isIP(s) { return isIPv4(s) ? 4 : isIPv6(s) ? 6 : 0; }

// number is an address as a bigint, for comparing.
const number = (address, family) => (family === "ipv4" ? address.split(".").map(Number) : groups(address)).reduce((n, g) => (n << (family === "ipv4" ? 8n : 16n)) | BigInt(g), 0n);

class SocketAddress {
  #address; #port; #family; #flowlabel;
  static isSocketAddress(v) { return v !== null && typeof v === "object" && #address in v; }
  static parse(input) {
    validateString(input, "input");
    if (!URL.canParse(`http://${input}`)) return undefined;
    const { hostname, port } = new URL(`http://${input}`);
    const address = hostname.replace(/^\[|\]$/g, "");
    return isIP(address) ? new SocketAddress({ address, port: Number(port), family: isIPv6(address) ? "ipv6" : "ipv4" }) : undefined;
  }
  constructor(options = {}) {
    validateObject(options, "options");
    const { family = "ipv4", address = family === "ipv6" ? "::" : "127.0.0.1", port = 0, flowlabel = 0 } = options;
    validateOneOf(family.toLowerCase?.(), "options.family", ["ipv4", "ipv6"]);
    validateString(address, "options.address");
    validatePort(port, "options.port");
    validateUint32(flowlabel, "options.flowlabel");
    if (family.toLowerCase() === "ipv6" ? !isIPv6(address) : !isIPv4(address)) throw codes.ERR_INVALID_ADDRESS();
    this.#address = address;
    this.#port = Number(port);
    this.#family = family.toLowerCase();
    this.#flowlabel = flowlabel;
  }
  get address() { return this.#address; }
  get port() { return this.#port; }
  get family() { return this.#family; }
  get flowlabel() { return this.#flowlabel; }
  toJSON() { return { address: this.#address, port: this.#port, family: this.#family, flowlabel: this.#flowlabel }; }
}

const parsed = (address, family) => (SocketAddress.isSocketAddress(address) ? address : new SocketAddress({ address, family }));

class BlockList {
  #rules = [];
  static isBlockList(v) { return v !== null && typeof v === "object" && #rules in v; }
  addAddress(address, family = "ipv4") {
    const a = parsed(address, family), n = number(a.address, a.family);
    this.#rules.unshift({ family: a.family, low: n, high: n, text: `Address: ${label(a)} ${a.address}` });
  }
  addRange(start, end, family = "ipv4") {
    const a = parsed(start, family), b = parsed(end, family);
    const low = number(a.address, a.family), high = number(b.address, b.family);
    if (low > high) throw codes.ERR_INVALID_ARG_VALUE("start", start, `must come before ${b.address}`);
    this.#rules.unshift({ family: a.family, low, high, text: `Range: ${label(a)} ${a.address}-${b.address}` });
  }
  addSubnet(network, prefix, family = "ipv4") {
    const a = parsed(network, family), bits = a.family === "ipv4" ? 32n : 128n;
    if (!(Number.isInteger(prefix) && prefix >= 0 && BigInt(prefix) <= bits)) throw codes.ERR_OUT_OF_RANGE("prefix", `>= 0 && <= ${bits}`, prefix);
    const size = 1n << (bits - BigInt(prefix)), low = (number(a.address, a.family) / size) * size;
    this.#rules.unshift({ family: a.family, low, high: low + size - 1n, text: `Subnet: ${label(a)} ${a.address}/${prefix}` });
  }
  check(address, family = "ipv4") {
    let a;
    try {
      a = parsed(address, family);
    } catch {
      return false;
    }
    const n = number(a.address, a.family);
    return this.#rules.some((r) => r.family === a.family && n >= r.low && n <= r.high);
  }
  get rules() { return this.#rules.map((r) => r.text); }
  toJSON() { return this.rules; }
  fromJSON(data) {
    for (const rule of typeof data === "string" ? JSON.parse(data) : data) {
      const [, kind, family, rest] = /^(\w+): (IPv[46]) (.*)$/.exec(rule) ?? [];
      if (kind === "Address") this.addAddress(rest, family.toLowerCase());
      else if (kind === "Range") this.addRange(...rest.split("-"), family.toLowerCase());
      else if (kind === "Subnet") this.addSubnet(rest.split("/")[0], Number(rest.split("/")[1]), family.toLowerCase());
    }
  }
}
const label = (a) => (a.family === "ipv4" ? "IPv4" : "IPv6");

module.exports = { isIP, isIPv4, isIPv6, SocketAddress, BlockList };
