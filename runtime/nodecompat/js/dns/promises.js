// Names are resolved over HTTPS, as in workerd, by Cloudflare's resolver.
const { codes, notImplemented, shape, validateObject, validateOneOf, validateString } = require("internal/errors");
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
  async resolve(name, rrtype = "A") {
    validateString(name, "name");
    const f = { A: api.resolve4, AAAA: api.resolve6, CAA: api.resolveCaa, CNAME: api.resolveCname, MX: api.resolveMx, NAPTR: api.resolveNaptr, NS: api.resolveNs, PTR: api.resolvePtr, SOA: api.resolveSoa, SRV: api.resolveSrv, TXT: api.resolveTxt }[rrtype];
    if (!f) throw codes.ERR_INVALID_ARG_VALUE("rrtype", rrtype);
    return f(name);
  },
  async reverse(ip) {
    if (isIP(ip) !== 4) throw failure("EINVAL", "getHostByAddr", ip);
    return api.resolvePtr(`${ip.split(".").reverse().join(".")}.in-addr.arpa`);
  },
  async lookup(hostname, options = {}) {
    if (typeof options === "number") options = { family: options };
    validateObject(options, "options");
    const { all = false } = options, family = { IPv4: 4, IPv6: 6 }[options.family] ?? options.family ?? 0;
    validateOneOf(family, "family", [0, 4, 6]);
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
let order = "verbatim";
const lengths = { lookup: 2, resolve: 2, resolve4: 2, resolve6: 2 };
for (const name of Object.keys(api)) shape(api[name], name, lengths[name] ?? 1);
const own = {
  ...api, lookupService: notImplemented("lookupService"), resolveAny: notImplemented("resolveAny"), getDefaultResultOrder() { return order; }, getServers() { return ["1.1.1.1", "2606:4700:4700::1111", "1.0.0.1", "2606:4700:4700::1001"]; },
  setDefaultResultOrder(value) { validateOneOf(value, "order", ["verbatim", "ipv4first", "ipv6first"]); order = value; }, setServers: notImplemented("setServers"),
};
class Resolver {
  cancel() {}
  setLocalAddress() {}
}
for (const name of ["getServers", "setServers", ...Object.keys(own).filter((n) => n.startsWith("res") || n === "reverse")]) Resolver.prototype[name] = { [name](...args) { return own[name](...args); } }[name];

const { ADDRCONFIG, ALL, V4MAPPED, ...errors } = constants;
module.exports = { ...errors, ...own, Resolver };
module.named = { ADDRCONFIG, ALL, V4MAPPED };
