// compatibility_flags: nodejs_compat
// node:url.
import url from "node:url";
import { nodeArea, each } from "./lib/node.js";

const urls = ["", "/", "a", "/a?b#c", "//h/p", "http://h", "http://h/", "HTTP://H/P", "http://u:p@h:8/p?q=1&r#f", "http://h:80", "http://h:", "http://h:abc/", "mailto:a@b.c", "javascript:alert(1)", "file:///a/b", "file://h/a", "http:/a", "http:a", "x:", "x:y", "x://y/z", "http://[::1]:8/p", "http://h/a b", "http://h/\tx", "http://h?q", "http://h#f", "http://h?q#f?g", "http://a@b@c/", "http://a@b?@c", "http://h/%zz", "http://é.com/ü?ñ#ö", "http://h\\p\\q", "http://h/{}|^`", "http://h/p;a=b", "?q=1", "#f", "http://h/'\"<>", "http://user@h", "http://:p@h", "coap://h/p", "ws://h/p", "xmpp:u@h.x", "http://ex*mple.com/a", "http://ex ample.com/a", " http://h/p ", "http://h..x/", "http://-a.com/", "http://1.2.3.4.5/", "http://h/p?a[]=1&b=%20"];
const described = (u) => JSON.stringify(u);
const probes = {
  "parse": () => each(urls, (x) => described(url.parse(x))),
  "parse query": () => each(urls, (x) => described(url.parse(x, true).query)),
  "parse slashes": () => each(["//h/p", "//h", "//", "///p", "//u:p@h:8/x"], (x) => described(url.parse(x, false, true))),
  "parse bad": () => each([undefined, null, 5, {}], (x) => url.parse(x)),
  "parse hosts": () => each(["http://[", "http://h\n.com", "http://\u0000", "http://a^b", "http://a%b", "http://xn--", "http://a_b/", "http://[::1", "javascript://x/\ny", "http://*/", "http://a,b/", "http://a;b/", "http://a$b/"], (x) => described(url.parse(x))),
  "parse long host": () => { try { return url.parse(`http://${"a".repeat(300)}.com/`).host; } catch (e) { return e.code; } },
  "parse again": () => { const u = url.parse("http://h/p"); return url.parse(u) === u; },
  "class": () => { const u = url.parse("http://h/p?q"); return [u.constructor.name, Object.keys(u), u instanceof url.Url, Object.keys(Object.getPrototypeOf(u))]; },
  "format round": () => each(urls, (x) => url.format(url.parse(x))),
  "format strings": () => each(urls.slice(0, 20), (x) => url.format(x)),
  "format objects": () => each([{}, { protocol: "http", host: "h" }, { protocol: "http:", hostname: "h", port: 8 }, { hostname: "::1", protocol: "http" }, { pathname: "a?b#c" }, { host: "h", pathname: "p" }, { slashes: true, pathname: "//x" }, { search: "a=b" }, { search: "?a#b" }, { query: { a: [1, 2], b: "x y" } }, { query: "a=b" }, { hash: "h" }, { auth: "u:p@", host: "h", protocol: "http" }, { protocol: "mailto", pathname: "a@b" }, { protocol: "x", host: "h", slashes: true }, { protocol: "file", pathname: "/a" }, { protocol: "http", pathname: "a" }], (x) => url.format(x)),
  "format bad": () => each([undefined, null, 5, true, () => {}], (x) => url.format(x)),
  "format URL": () => each([{}, { auth: false }, { fragment: false }, { search: false }, { unicode: true }, { auth: 0, fragment: "", search: null }], (o) => url.format(new URL("http://u:p@xn--g6w251d:8/p?q=1#f"), o)),
  "format URL bad options": () => each([5, "a", null], (o) => url.format(new URL("http://h/"), o)),
  "resolve": () => each([["http://a/b/c", "d"], ["http://a/b/c", "/d"], ["http://a/b/c", "//d/e"], ["http://a/b/c", "../../../d"], ["http://a/b/c", "?q"], ["http://a/b/c", "#f"], ["http://a/b/c?q#f", ""], ["http://a/b/c", "https:d"], ["http://a/b/c", "http:d"], ["http://a", "b"], ["/a/b", "c"], ["/a/b", "../../c"], ["a/b", "c"], ["a", "../b"], ["", "x"], ["x", ""], ["mailto:a@b", "c@d"], ["http://a/b", "mailto:c@d"], ["file:///a/b", "c"], ["http://u:p@a/b", "/c"], ["http://u:p@a/b", "//v@c/d"], [".", "#a"], ["..", "."], ["http://a/b/.", "."], ["http://a/b/./", "./.."], ["http://a/b/", "javascript:1"], ["http://a/b;c?d", "e;f"]], (a) => url.resolve(...a)),
  "resolve bad": () => each([[5, "a"], ["a", 5], [undefined, "a"]], (a) => url.resolve(...a)),
  "resolveObject": () => each([["http://a/b/c", "../d"], ["http://a/", "//x/y?z"]], (a) => described(url.resolveObject(...a))),
  "instance methods": () => { const u = new url.Url(); u.parse("http://a/b"); return [u.format(), u.resolve("c"), described(u.resolveObject("d")), described(new url.Url())]; },
  "fileURLToPath": () => each(["file:///a", "file:///a%20b", "file:///a%2Fb", "file:///a%5cb", "file:///%E4%BD%A0", "file://localhost/a", "file://h/a", "http://h/a", "file:///", "file:///a?b#c", "a", "", "file:///%zz", "file:///C:/a"], (x) => url.fileURLToPath(x)),
  "fileURLToPath windows": () => each(["file:///C:/a", "file:///c:/a%20b", "file:///a", "file:///C:/a%2Fb", "file:///C:/a%5Cb", "file://h/s/f", "file:///C|/a"], (x) => url.fileURLToPath(x, { windows: true })),
  "fileURLToPath bad": () => each([undefined, null, 5, {}, { href: "file:///a" }], (x) => url.fileURLToPath(x)),
  "pathToFileURL": () => each(["/a", "/a b", "/a%b", "/a?b", "/a#b", "/a\\b", "/a\nb\tc\rd", "/é", "a", "/a/", "/a/../b", "", "/[a]", "/~a", "/a\"b<c>"], (x) => url.pathToFileURL(x).href),
  "pathToFileURL windows": () => each(["C:\\a", "C:\\a b", "\\\\srv\\share\\f", "C:\\a%b?c#d", "\\\\srv\\", "\\\\?\\x"], (x) => url.pathToFileURL(x, { windows: true }).href),
  "pathToFileURL bad": () => each([undefined, null, 5, {}], (x) => url.pathToFileURL(x)),
  "domains": () => each(["é.com", "xn--iñvalid.com", "中文.com", "EXAMPLE.com", "a b", "", "xn--", "1.2", "a_b.c", "ß.de", "faß.de", "☃.net", "a..b", "[::1]"], (x) => [url.domainToASCII(x), url.domainToUnicode(x)]),
  "domains punycode": () => each(["xn--9ca.com", "xn--fiq228c.com", "xn--a", "xn--zca.de", "XN--9CA.com"], (x) => url.domainToUnicode(x)),
  "domains bad": () => [...each([[], [5], [null]], (a) => url.domainToASCII(...a)), ...each([[], [5]], (a) => url.domainToUnicode(...a))],
  "urlToHttpOptions": () => each(["http://h", "http://u:p%40@h:8/p?q#f", "https://[::1]/x", "http://u@h/", "http://h/a%20b?c d"], (x) => { const o = url.urlToHttpOptions(new URL(x)); return JSON.stringify(o); }),
  "urlToHttpOptions bad": () => each([undefined, 5, {}, "http://h"], (x) => url.urlToHttpOptions(x)),
  "same classes": () => [url.URL === URL, url.URLSearchParams === URLSearchParams, typeof url.URLPattern, url.toPathIfFileURL?.name],
  "toPathIfFileURL": () => each(["x", new URL("file:///a"), new URL("http://a"), 5], (x) => url.toPathIfFileURL(x)),
};
export default nodeArea(probes);
