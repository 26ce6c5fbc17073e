// URLPattern.
import { area, shape } from "./probe.js";

const parts = ["protocol", "username", "password", "hostname", "port", "pathname", "search", "hash"];
const fields = (p) => parts.map((k) => p[k]);
const make = (...a) => fields(new URLPattern(...a));
const exec = (p, ...a) => { const r = p.exec(...a); return r && [r.inputs, ...parts.map((k) => [r[k].input, r[k].groups])]; };
const match = (pattern, input, base) => { const r = new URLPattern(pattern).exec(input, base); return r && Object.fromEntries(parts.filter((k) => Object.keys(r[k].groups).length).map((k) => [k, r[k].groups])); };
const probes = {
  "class": () => [shape(URLPattern), shape(URLPattern.prototype)],
  "none": () => make(),
  "undefined": () => make(undefined),
  "null": () => make(null),
  "number": () => make(5),
  "empty": () => make({}),
  "empty string": () => make(""),
  "relative": () => make("/foo"),
  "relative base": () => make("/foo/:id", "https://example.com/a/b?c"),
  "string": () => make("https://example.com/:x/*?q=:y#:z"),
  "string port": () => make("https://example.com:8080/"),
  "string default port": () => make("https://example.com:443/"),
  "string user": () => make("https://u:p@example.com/"),
  "string wildcard host": () => make("https://*.example.com/*"),
  "string any": () => make("*://*/*"),
  "string optional": () => make("http{s}?://example.com/"),
  "string host only": () => make("https://example.com"),
  "string search only": () => make("https://example.com?a=1"),
  "string colon path": () => make("data:foo*"),
  "dict base": () => make({ pathname: "/x", baseURL: "https://e.com/y?z#w" }),
  "dict relative": () => make({ pathname: "x", baseURL: "https://e.com/a/b" }),
  "dict base argument": () => make({ pathname: "/x" }, "https://e.com/"),
  "dict bad base": () => make({ baseURL: "nope" }),
  "dict bad protocol": () => make({ protocol: "a b" }),
  "dict port": () => make({ protocol: "http", port: "80" }),
  "dict port word": () => make({ port: "abc" }),
  "dict hostname upper": () => make({ hostname: "EXAMPLE.com" }),
  "dict hostname idn": () => make({ hostname: "é.com" }),
  "dict ipv6": () => make({ hostname: "[::1]" }),
  "dict ipv6 wildcard": () => make({ hostname: "[:id]" }),
  "dict pathname encode": () => make({ pathname: "/é /x" }),
  "dict search question": () => make({ search: "?a=b" }),
  "dict hash": () => make({ hash: "#x" }),
  "dict protocol colon": () => make({ protocol: "https:" }),
  "dict numbers": () => make({ port: 8080 }),
  "bad group": () => make({ pathname: "/:" }),
  "bad group digit": () => make({ pathname: "/:1a" }),
  "bad paren": () => make({ pathname: "/(" }),
  "bad regexp": () => make({ pathname: "/([)" }),
  "bad regexp question": () => make({ pathname: "/(?x)" }),
  "bad regexp capture": () => make({ pathname: "/((a))" }),
  "bad brace": () => make({ pathname: "/{a" }),
  "bad duplicate": () => make({ pathname: "/:a/:a" }),
  "bad unicode regexp": () => make({ pathname: "/(é)" }),
  "options": () => make("https://e.com/X", { ignoreCase: true }),
  "ignoreCase": () => [new URLPattern({ pathname: "/Foo" }, { ignoreCase: true }).test({ pathname: "/fOO" }), new URLPattern({ pathname: "/Foo" }).test({ pathname: "/foo" })],
  "ignoreCase base": () => new URLPattern("/Foo", "https://e.com", { ignoreCase: true }).test("https://e.com/foo"),
  "hasRegExpGroups": () => [new URLPattern({ pathname: "/:a" }).hasRegExpGroups, new URLPattern({ pathname: "/(\\d+)" }).hasRegExpGroups, new URLPattern().hasRegExpGroups],
  "normalised": () => ["/:id", "/:id?", "/:id*", "/:id+", "/{:id}", "/{a}?", "/{a:id}", "/*", "/**", "/(.*)", "/([^/]+?)", "/:id(\\d+)", "/:id(.*)", "/a\\:b", "/{a/}*", "/{:a}{b}", "/:a{b}", "/*?", "/x*", "{/x}*", "/:a:b", "/:a-:b", "/a{}b", "/:a{}b", "/(a)(b)", "/*/*"].map((pathname) => { try { return new URLPattern({ pathname }).pathname; } catch (e) { return e.name; } }),
  "exec": () => exec(new URLPattern("https://example.com/:x/*?q=:y#:z"), "https://example.com/a/b/c?q=1#h"),
  "exec none": () => exec(new URLPattern({ pathname: "/x" }), "https://example.com/y"),
  "exec nothing": () => exec(new URLPattern()),
  "exec dict": () => exec(new URLPattern({ pathname: "/:a" }), { pathname: "/x" }),
  "exec dict base": () => exec(new URLPattern({ pathname: "/:a" }), { pathname: "x", baseURL: "https://e.com/" }),
  "exec dict with base": () => exec(new URLPattern(), { pathname: "x" }, "https://e.com/"),
  "exec base": () => exec(new URLPattern({ pathname: "/:a" }), "x", "https://e.com/"),
  "exec bad url": () => exec(new URLPattern(), "nope"),
  "exec number": () => exec(new URLPattern(), 5),
  "test": () => [new URLPattern({ pathname: "/x" }).test("https://e.com/x"), new URLPattern({ pathname: "/x" }).test("https://e.com/x/"), new URLPattern({ pathname: "/x" }).test("nope"), new URLPattern({ pathname: "/x" }).test()],
  "test URL": () => new URLPattern({ pathname: "/x" }).test(new URL("https://e.com/x")),
  "test Request": () => new URLPattern({ pathname: "/x" }).test(new Request("https://e.com/x")),
  "named": () => match({ pathname: "/users/:id/posts/:post" }, "https://e.com/users/7/posts/8"),
  "optional": () => [match({ pathname: "/a/:b?" }, "https://e.com/a"), match({ pathname: "/a/:b?" }, "https://e.com/a/x")],
  "repeated": () => [match({ pathname: "/a/:b+" }, "https://e.com/a/x/y"), match({ pathname: "/a/:b*" }, "https://e.com/a"), match({ pathname: "/a/:b+" }, "https://e.com/a")],
  "regexp": () => [match({ pathname: "/:id(\\d+)" }, "https://e.com/12"), match({ pathname: "/:id(\\d+)" }, "https://e.com/ab"), match({ pathname: "/(a|b)" }, "https://e.com/b")],
  "wildcards": () => match({ pathname: "/*/x/*" }, "https://e.com/a/b/x/c"),
  "hostname": () => [match({ hostname: ":sub.example.com" }, "https://a.example.com/"), match({ hostname: "*.example.com" }, "https://a.b.example.com/"), match({ hostname: ":sub.example.com" }, "https://a.b.example.com/")],
  "search": () => match({ search: "a=:x&b=:y" }, "https://e.com/?a=1&b=2"),
  "port": () => [match({ port: ":p" }, "https://e.com:81/"), match({ port: "" }, "https://e.com/"), match({ port: "" }, "https://e.com:81/")],
  "protocol": () => [match({ protocol: "http{s}?" }, "http://e.com/"), match({ protocol: ":p" }, "ws://e.com/")],
  "encoded": () => [match({ pathname: "/é" }, "https://e.com/%C3%A9"), match({ pathname: "/:x" }, "https://e.com/é b")],
  "dots": () => [match({ pathname: "/a.b" }, "https://e.com/a.b"), match({ pathname: "/a.b" }, "https://e.com/axb")],
  "unicode name": () => match({ pathname: "/:é" }, "https://e.com/x"),
  "dot segments": () => make({ pathname: "/a/../b" }),
  "opaque": () => match("data\\:foo*", "data:foobar"),
  "empty group value": () => match({ pathname: "/a{/:b}?" }, "https://e.com/a"),
  "to string": () => [String(new URLPattern()), Object.keys(new URLPattern())],
};

for (const s of ["nope", "", "/x", "//x", "//x/y", "?a", "#b", "x?a#b", "a:b", "http:", "http://", "http:x", " x ", "x y", "é", "a/b", "../x", "/", ".", "::", "1:2", "-a:b", "http://[", "data:x", "//u:p@h:8080/z", "//h:443/z", "//x:99999/", "/%", "/é?é#é"]) {
  probes[`relative ${s}`] = () => [exec(new URLPattern(), s), new URLPattern({ pathname: "/x" }).test(s), new URLPattern({ protocol: "http" }).test(s)];
}
for (const pathname of ["/([^/]+?)", "/([^/]+)", "/([^\\/]+)", "/:id([^/]+?)", "/:id([a-z]+)", "/([^a])", "/(?:a)", "/(?=a)", "/(?<n>a)", "/(a|b)", "/((a))", "/(é)", "/()", "/(", "/)", "/{", "/}", "/{a", "/{{a}}", "/:", "/::", "/:1", "/:é", "/:a:a", "/\\", "/a?", "/*+", "/**", "/+", "/?", "/(a)?", "/{}?", "/[a]", "/a$", "/([a-z&&b])", "/(\\p{L})", "/([\\p{L}--a])", "/([)"]) {
  probes[`group ${pathname}`] = () => { const p = new URLPattern({ pathname }); return [p.pathname, p.hasRegExpGroups]; };
}

export default area(probes);
