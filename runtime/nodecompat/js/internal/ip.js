// Addresses: net.isIP and kin, SocketAddress, BlockList.
const { codes, validateInteger, validateObject, validateOneOf, validatePort, validateString, validateUint32 } = require("internal/errors");

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
function isIPv6(s) { s = `${s}`; return /^[^%]*(%[0-9a-zA-Z.:_-]+)?$/.test(s) && s.includes(":") && groups(s) !== undefined; }
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
    const family = options.family?.toLowerCase?.() ?? options.family ?? "ipv4";
    validateOneOf(family, "options.family", families);
    const { address = family === "ipv6" ? "::" : "127.0.0.1", port = 0, flowlabel = 0 } = options;
    validateString(address, "options.address");
    validatePort(port, "options.port");
    validateUint32(flowlabel, "options.flowlabel");
    if (family === "ipv6" ? !isIPv6(address) : !isIPv4(address)) throw codes.ERR_INVALID_ADDRESS();
    this.#address = address;
    this.#port = Number(port);
    this.#family = family;
    this.#flowlabel = flowlabel;
  }
  get address() { return this.#address; }
  get port() { return this.#port; }
  get family() { return this.#family; }
  get flowlabel() { return this.#flowlabel; }
  toJSON() { return { address: this.#address, port: this.#port, family: this.#family, flowlabel: this.#flowlabel }; }
}
const families = ["ipv4", "ipv6"];

// parsed is an address of a list: its text, family and number.
function parsed(address, family, name = "address") {
  if (SocketAddress.isSocketAddress(address)) ({ address, family } = address);
  else {
    validateString(address, name);
    validateOneOf(family, "family", families);
    if (family === "ipv4" ? !isIPv4(address) : !isIPv6(address)) throw codes.ERR_INVALID_IP_ADDRESS(`Invalid ${label(family)} address`);
  }
  return { address, family, n: number(address, family) };
}
const label = (family) => (family === "ipv4" ? "IPv4" : "IPv6");

class BlockList {
  #rules = [];
  static isBlockList(v) { return v !== null && typeof v === "object" && #rules in v; }
  addAddress(address, family = "ipv4") {
    const a = parsed(address, family);
    this.#rules.push({ family: a.family, low: a.n, high: a.n, text: `Address: ${label(a.family)} ${a.address}` });
  }
  addRange(start, end, family = "ipv4") {
    const a = parsed(start, family, "start"), b = parsed(end, family, "end");
    if (a.n > b.n) throw codes.ERR_INVALID_ARG_VALUE("start", start, "must come before end");
    this.#rules.push({ family: a.family, low: a.n, high: b.n, text: `Range: ${label(a.family)} ${a.address}-${b.address}` });
  }
  addSubnet(network, prefix, family = "ipv4") {
    const a = parsed(network, family, "network"), bits = a.family === "ipv4" ? 32 : 128;
    validateInteger(prefix, "prefix");
    if (prefix < 0 || prefix > bits) throw codes.ERR_OUT_OF_RANGE("prefix", `between 0 and ${bits}`, prefix);
    const size = 1n << BigInt(bits - prefix), low = (a.n / size) * size;
    this.#rules.push({ family: a.family, low, high: low + size - 1n, text: `Subnet: ${label(a.family)} ${a.address}/${prefix}` });
  }
  check(address, family = "ipv4") {
    if (!SocketAddress.isSocketAddress(address)) validateString(address, "address");
    let a;
    try {
      a = parsed(address, family);
    } catch {
      return false;
    }
    const mapped = a.family === "ipv6" && a.n >> 32n === 0xffffn ? a.n & 0xffffffffn : undefined; // an IPv4 address within IPv6
    return this.#rules.some((r) => [r.family === a.family ? a.n : r.family === "ipv4" ? mapped : undefined].some((n) => n !== undefined && n >= r.low && n <= r.high));
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

module.exports = { isIP, isIPv4, isIPv6, SocketAddress, BlockList };
