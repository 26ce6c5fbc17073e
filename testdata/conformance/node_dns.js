// compatibility_flags: nodejs_compat
// node:dns, what needs no network.
import dns from "node:dns";
import promises from "node:dns/promises";
import { each, nodeArea, problem } from "./lib/node.js";

const odd = [undefined, null, 0, 1, "", true, {}, [], () => {}];
const names = ["lookup", "lookupService", "resolve", "resolve4", "resolve6", "resolveAny", "resolveCaa", "resolveCname", "resolveMx", "resolveNaptr", "resolveNs", "resolvePtr", "resolveSoa", "resolveSrv", "resolveTxt", "reverse"];
const rejected = async (list, f) => {
  const out = [];
  for (const item of list) {
    try { const p = f(item); out.push(p instanceof Promise ? await p : p); } catch (e) { out.push(problem(e)); }
  }
  return out;
};
const back = (f) => new Promise((r) => f((err, ...v) => r(err ? [problem(err), err.errno, err.syscall, err.hostname] : v)));

const probes = {
  "names": () => Object.keys(dns).sort(),
  "promises": () => [Object.keys(promises).sort(), dns.promises === promises],
  "constants": () => [dns.ADDRCONFIG, dns.ALL, dns.V4MAPPED, dns.NODATA, dns.NOTFOUND, dns.CANCELLED, promises.NODATA],
  "order": () => { const was = dns.getDefaultResultOrder(); const seen = each(["ipv4first", "ipv6first", "verbatim"], (o) => { dns.setDefaultResultOrder(o); return [dns.getDefaultResultOrder(), promises.getDefaultResultOrder()]; }); dns.setDefaultResultOrder(was); return [was, seen]; },
  "order odd": () => each([...odd, "x"], (o) => dns.setDefaultResultOrder(o)),
  "order odd promises": () => each([...odd, "x"], (o) => promises.setDefaultResultOrder(o)),
  "servers": () => [dns.getServers(), promises.getServers()],
  "setServers": () => each([["1.1.1.1"], [], undefined, ["x"], "x"], (s) => dns.setServers(s)),
  "setServers promises": () => each([["1.1.1.1"], [], undefined], (s) => promises.setServers(s)),
  "lookup ip": () => back((f) => dns.lookup("1.2.3.4", f)),
  "lookup ip 6": () => back((f) => dns.lookup("::1", f)),
  "lookup ip all": () => back((f) => dns.lookup("1.2.3.4", { all: true }, f)),
  "lookup ip family": () => back((f) => dns.lookup("1.2.3.4", 4, f)),
  "lookup ip wrong family": () => back((f) => dns.lookup("1.2.3.4", 6, f)),
  "lookup empty": () => back((f) => dns.lookup("", f)),
  "lookup null": () => back((f) => dns.lookup(null, f)),
  "lookup false": () => back((f) => dns.lookup(false, f)),
  "lookup empty all": () => back((f) => dns.lookup("", { all: true }, f)),
  "lookup empty family": () => back((f) => dns.lookup("", 6, f)),
  "lookup odd": () => each([1, true, {}, [], undefined], (h) => dns.lookup(h, () => {})),
  "lookup callback": () => each(odd.slice(0, 8), (f) => dns.lookup("1.2.3.4", f)),
  "lookup callback options": () => each(odd.slice(0, 8), (f) => dns.lookup("1.2.3.4", {}, f)),
  "lookup family": () => each([0, 4, 6, 5, -1, "IPv4", "IPv6", "4", null, undefined, {}], (family) => dns.lookup("1.2.3.4", { family }, () => {})),
  "lookup hints": () => each([0, dns.ADDRCONFIG, 1, 99999, "x", null], (hints) => dns.lookup("1.2.3.4", { hints }, () => {})),
  "lookup all": () => each([true, false, 1, "x", null], (all) => dns.lookup("1.2.3.4", { all }, () => {})),
  "lookup verbatim": () => each([true, false, 1, "x", null], (verbatim) => dns.lookup("1.2.3.4", { verbatim }, () => {})),
  "lookup order": () => each(["ipv4first", "verbatim", "x", 1, null], (order) => dns.lookup("1.2.3.4", { order }, () => {})),
  "lookup promise ip": () => rejected(["1.2.3.4", "::1"], (h) => promises.lookup(h)),
  "lookup promise all": () => promises.lookup("1.2.3.4", { all: true }),
  "lookup promise empty": () => rejected(["", null, false], (h) => promises.lookup(h)),
  "lookup promise odd": () => rejected([1, true, {}, undefined], (h) => promises.lookup(h)),
  "lookup promise family": () => rejected([5, "x", {}], (family) => promises.lookup("1.2.3.4", { family })),
  "lookupService": () => each([[], ["1.2.3.4"], ["1.2.3.4", 80], ["1.2.3.4", 80, () => {}], ["x", 80, () => {}]], (a) => dns.lookupService(...a)),
  "lookupService promise": () => rejected([[], ["1.2.3.4", 80], ["x", 80], ["1.2.3.4", -1]], (a) => promises.lookupService(...a)),
  "resolveAny": () => each([[], ["x"], ["x", () => {}]], (a) => dns.resolveAny(...a)),
  "resolveAny promise": () => rejected([[], ["x"]], (a) => promises.resolveAny(...a)),
  "resolve type": () => each(["x", 1, null, {}, "a", "ANY"], (t) => dns.resolve("a.example", t, () => {})),
  "resolve type promise": () => rejected(["x", 1, null, {}, "a"], (t) => promises.resolve("a.example", t)),
  "resolve ttl": () => rejected([{ ttl: 1 }, { ttl: "x" }, 1, null], (o) => { const p = promises.resolve4(1, o); return p; }),
  "reverse odd": () => each([1, null, undefined], (v) => dns.reverse(v, () => {})),
  "reverse bad": () => back((f) => dns.reverse("nonsense", f)),
  "reverse bad promise": () => rejected(["nonsense", "", 1, "1.2.3"], (v) => promises.reverse(v)),
  "resolver": () => { const r = new dns.Resolver(); return [Object.getOwnPropertyNames(dns.Resolver.prototype).sort(), r.cancel(), r.getServers(), Object.keys(r)]; },
  "resolver promises": () => { const r = new promises.Resolver(); return [Object.getOwnPropertyNames(promises.Resolver.prototype).sort(), r.cancel(), r.getServers(), promises.Resolver === dns.Resolver]; },
  "resolver options": () => each([{ timeout: 1 }, { timeout: "x" }, { tries: 0 }, { tries: "x" }, null, 1], (o) => typeof new dns.Resolver(o)),
  "resolver local": () => each([[], ["1.2.3.4"], ["1.2.3.4", "::1"], ["x"], [1]], (a) => new dns.Resolver().setLocalAddress(...a)),
  "resolver setServers": () => each([["1.1.1.1"], undefined], (s) => new dns.Resolver().setServers(s)),
  "resolver called": () => typeof dns.Resolver(),
  "lengths": () => names.map((n) => `${n} ${dns[n].length} ${promises[n].length}`),
};
for (const n of names.filter((n) => !["lookup", "lookupService", "resolveAny", "reverse"].includes(n))) {
  probes[`${n} odd name`] = () => each([1, null, undefined, {}], (v) => dns[n](v, ...(n === "resolve" ? ["A"] : []), () => {}));
  probes[`${n} odd callback`] = () => each([undefined, null, 1, "A", {}], (v) => dns[n](1, v));
  probes[`${n} odd promise`] = () => rejected([1, null, undefined, {}], (v) => promises[n](v));
}
export default nodeArea(probes);
