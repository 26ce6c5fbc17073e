// Names are resolved over HTTPS, as in workerd, by Cloudflare's resolver.
const { codes, shape, validateBoolean, validateNumber, validateObject, validateOneOf, validateString } = require("internal/errors");
const { isIP } = require("internal/ip");
const constants = require("data/dns");

const types = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, NAPTR: 35, CAA: 257 };

function failure(code, syscall, hostname) {
  return Object.assign(new Error(`${syscall} ${code}${hostname ? ` ${hostname}` : ""}`), { code, syscall, hostname, errno: undefined });
}

async function query(name, type, syscall) {
  validateString(name, "name");
  const response = await fetch(`https://cloudflare-dns.com/dns-query?name=${encodeURIComponent(name)}&type=${type}`, { headers: { accept: "application/dns-json" } });
  if (!response.ok) throw failure("ESERVFAIL", syscall, name);
  const { Status, Answer = [] } = await response.json();
  if (Status === 3) throw failure("ENOTFOUND", syscall, name);
  if (Status !== 0) throw failure("ESERVFAIL", syscall, name);
  const found = Answer.filter((a) => a.type === types[type]);
  if (found.length === 0) throw failure("ENODATA", syscall, name);
  return found;
}

const host = (s) => s.replace(/\.$/, "");
const words = (s) => s.split(/\s+/);
const unquote = (s) => (s.match(/"((?:[^"\\]|\\.)*)"/g) ?? [s]).map((p) => p.replace(/^"|"$/g, "").replace(/\\(.)/g, "$1"));
const addresses = (answers, options) => answers.map((a) => (options?.ttl ? { address: a.data, ttl: a.TTL } : a.data));

const api = {
  async resolve4(name, options) { return addresses(await query(name, "A", "queryA"), options); },
  async resolve6(name, options) { return addresses(await query(name, "AAAA", "queryAaaa"), options); },
  async resolveCname(name) { return (await query(name, "CNAME", "queryCname")).map((a) => host(a.data)); },
  async resolveNs(name) { return (await query(name, "NS", "queryNs")).map((a) => host(a.data)); },
  async resolvePtr(name) { return (await query(name, "PTR", "queryPtr")).map((a) => host(a.data)); },
  async resolveTxt(name) { return (await query(name, "TXT", "queryTxt")).map((a) => unquote(a.data)); },
  async resolveMx(name) { return (await query(name, "MX", "queryMx")).map((a) => words(a.data)).map(([priority, exchange]) => ({ priority: Number(priority), exchange: host(exchange) })); },
  async resolveSrv(name) {
    return (await query(name, "SRV", "querySrv")).map((a) => words(a.data)).map(([priority, weight, port, target]) => ({ priority: +priority, weight: +weight, port: +port, name: host(target) }));
  },
  async resolveSoa(name) {
    const [nsname, hostmaster, serial, refresh, retry, expire, minttl] = words((await query(name, "SOA", "querySoa"))[0].data);
    return { nsname: host(nsname), hostmaster: host(hostmaster), serial: +serial, refresh: +refresh, retry: +retry, expire: +expire, minttl: +minttl };
  },
  async resolveNaptr(name) {
    return (await query(name, "NAPTR", "queryNaptr")).map((a) => words(a.data)).map(([order, preference, flags, service, regexp, replacement]) => ({ flags: unquote(flags)[0], service: unquote(service)[0], regexp: unquote(regexp)[0], replacement: host(replacement), order: +order, preference: +preference }));
  },
  async resolveCaa(name) {
    return (await query(name, "CAA", "queryCaa")).map((a) => words(a.data)).map(([critical, tag, value]) => ({ critical: +critical, [tag]: unquote(value)[0] }));
  },
  async resolve(name, rrtype) {
    validateString(name, "name");
    return typed(rrtype)(name);
  },
  async reverse(ip) {
    validateString(ip, "name");
    if (isIP(ip) !== 4) throw failure("EINVAL", "getHostByAddr", ip);
    return api.resolvePtr(`${ip.split(".").reverse().join(".")}.in-addr.arpa`);
  },
  async lookup(hostname, options = {}) {
    if (typeof options === "number") options = { family: options };
    validateObject(options, "options");
    const { all = false, family } = checked(hostname, options);
    if (!hostname) return all ? [] : { address: null, family: family === 6 ? 6 : 4 };
    const known = isIP(hostname);
    let found;
    if (known) found = [{ address: hostname, family: known }];
    else {
      const ask = async (f, n) => (await f(hostname).catch(() => [])).map((address) => ({ address, family: n }));
      found = [...(family === 6 ? [] : await ask(api.resolve4, 4)), ...(family === 4 ? [] : await ask(api.resolve6, 6))];
    }
    if (found.length === 0) throw failure("ENOTFOUND", "getaddrinfo", hostname);
    return all ? found : found[0];
  },
};

// checked are the options of a lookup.
function checked(hostname, options) {
  if (hostname) validateString(hostname, "hostname");
  if (options.hints != null) {
    validateNumber(options.hints, "options.hints");
    throw codes.ERR_OPTION_NOT_IMPLEMENTED("options.hints");
  }
  const family = { IPv4: 4, IPv6: 6 }[options.family] ?? options.family ?? 0;
  validateOneOf(family, "options.family", [0, 4, 6]);
  if (options.all != null) validateBoolean(options.all, "options.all");
  if (options.verbatim != null) validateBoolean(options.verbatim, "options.verbatim");
  if (options.order != null) validateOneOf(options.order, "options.order", orders);
  return { all: options.all ?? false, family };
}
// typed is the function that asks for a type of record.
function typed(rrtype = "A") {
  const all = { A: api.resolve4, AAAA: api.resolve6, ANY: own.resolveAny, CAA: api.resolveCaa, CNAME: api.resolveCname, MX: api.resolveMx, NAPTR: api.resolveNaptr, NS: api.resolveNs, PTR: api.resolvePtr, SOA: api.resolveSoa, SRV: api.resolveSrv, TXT: api.resolveTxt };
  if (typeof rrtype !== "string" || !Object.hasOwn(all, rrtype)) throw codes.ERR_INVALID_ARG_VALUE("rrtype", rrtype);
  return all[rrtype];
}
const orders = ["verbatim", "ipv4first", "ipv6first"];
function absent() { throw new Error("Not implemented"); }
let order = "verbatim";
const lengths = { lookup: 2, resolve: 2, resolve4: 2, resolve6: 2 };
for (const name of Object.keys(api)) shape(api[name], name, lengths[name] ?? 1);
const own = {
  ...api, async lookupService(address, port) { absent(); }, async resolveAny(name) { absent(); }, getDefaultResultOrder() { return order; }, getServers() { return ["1.1.1.1", "2606:4700:4700::1111", "1.0.0.1", "2606:4700:4700::1001"]; },
  setDefaultResultOrder(value) { validateOneOf(value, "dnsOrder", orders); order = value; }, setServers() { absent(); },
};
for (const f of [own.lookupService, own.resolveAny]) Object.defineProperty(f, "length", { value: 0 });
class Resolver {
  cancel() { absent(); }
  setLocalAddress() { absent(); }
}
for (const name of ["getServers", "setServers", ...Object.keys(own).filter((n) => n.startsWith("res") || n === "reverse")]) Resolver.prototype[name] = { [name](...args) { return own[name](...args); } }[name];

const { ADDRCONFIG, ALL, V4MAPPED, ...errors } = constants;
module.exports = { ...errors, ...own, Resolver };
module.named = { ADDRCONFIG, ALL, V4MAPPED };
Object.defineProperties(module.exports, { checked: { value: checked }, typed: { value: typed } }); // for node:dns
