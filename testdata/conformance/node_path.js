// compatibility_flags: nodejs_compat
// node:path.
import path, { posix, win32 } from "node:path";
import { nodeArea, each } from "./lib/node.js";

const paths = ["", ".", "..", "/", "//", "///", "a", "a/", "/a", "/a/", "a/b", "a//b", "a/./b", "a/../b", "../a", "../../a", "/../a", "./a", "a/..", "a/../..", "a/b/../../..", ".a", "a.", "a.b", "a.b.c", "..a", "a..", ".a.b", "/.a", "/a.b/c", "a.b/", "a\\b", "C:\\a\\b.c", "C:a", "C:", "C:\\", "\\\\srv\\share\\d", "\\\\srv\\share", "\\a", "c:/a/../b", "\\\\?\\C:\\x", "\\\\.\\COM1", "//srv/share/a", "CON", "a b/c d", "é/ü.ñ", "COM1:", "C:..\\a", "C:.", "a:b:c"];
const probes = {};
for (const [name, p] of Object.entries({ posix, win32 })) {
  for (const m of ["normalize", "isAbsolute", "dirname", "basename", "extname", "parse", "toNamespacedPath"]) probes[`${name} ${m}`] = () => each(paths, (x) => p[m](x));
  probes[`${name} round`] = () => each(paths, (x) => p.format(p.parse(x)));
  probes[`${name} basename suffix`] = () => each([["a.b", ".b"], ["a.b", "a.b"], ["/x/a.b", "b"], ["a", "a"], ["aa", "a"], ["a/", "a"], ["", "x"], ["a.b/", ".b"], ["ab.c", ".C"], ["\\a\\b.c", ".c"], ["C:a.b", ".b"], ["aaa\\bbb", "bb"]], (a) => p.basename(...a));
  probes[`${name} join`] = () => each([[], [""], ["", ""], ["a", "b"], ["a", "../b"], ["a", "..", "..", ".."], ["/a", "/b"], ["a/", "/b"], [".", "a"], ["", "/a"], ["//", "a"], ["//srv", "share"], ["\\\\srv\\", "\\share"], ["C:", "a"], ["C:\\", "..", "a"], ["a", "", "b"], [" ", "."], ["c:.", "file"]], (a) => p.join(...a));
  probes[`${name} resolve`] = () => each([["/a", "b"], ["/a", "/b"], ["/a", "../b"], ["/", ".."], ["/a/b", "./c", "../d"], ["C:\\a", "b"], ["C:\\a", "\\b"], ["C:\\a", "D:\\b"], ["C:\\a", "C:b"], ["\\\\srv\\share", "..", "x"], ["c:/ignore", "c:/some/file"], ["//server/share", "..", "relative\\"], ["/a/", ""]], (a) => p.resolve(...a));
  probes[`${name} relative`] = () => each([["/a/b", "/a/c"], ["/a", "/a"], ["/a/b/c", "/a"], ["/a", "/a/b/c"], ["/", "/a"], ["/a", "/"], ["/foo/bar", "/foo/barz"], ["/ab", "/a"], ["C:\\a\\b", "C:\\a\\c"], ["C:\\a", "D:\\b"], ["c:\\AaAa\\bbbb", "c:\\aaaa\\cccc"], ["\\\\srv\\share\\a", "\\\\srv\\share\\b"], ["\\\\srv\\a", "\\\\other\\b"], ["C:\\", "C:\\a"]], (a) => p.relative(...a));
  probes[`${name} format`] = () => each([{}, { base: "b" }, { dir: "d", base: "b" }, { root: "/", base: "b" }, { root: "/", dir: "/", base: "b" }, { root: "/r", dir: "d", name: "n", ext: ".e" }, { name: "n", ext: "e" }, { ext: "e" }, { name: "n" }, { dir: "/d" }, { base: "", name: "n" }], (o) => p.format(o));
  probes[`${name} bad`] = () => each(["normalize", "isAbsolute", "dirname", "basename", "extname", "parse", "join", "resolve", "relative", "format", "toNamespacedPath"], (m) => p[m](5));
  probes[`${name} none`] = () => each(["normalize", "isAbsolute", "dirname", "basename", "extname", "parse", "relative", "format", "toNamespacedPath"], (m) => p[m]());
  probes[`${name} bad later`] = () => each([["join", "a", null], ["resolve", "/a", {}], ["relative", "a", 5], ["basename", "a", 5], ["format", null], ["format", "a"], ["join", undefined]], ([m, ...a]) => p[m](...a));
  probes[`${name} matchesGlob`] = () => each([["a/b.js", "a/*.js"], ["a/b/c.js", "a/**/*.js"], ["a/c.js", "a/**/*.js"], ["a.js", "?.js"], ["a.js", "[ab].js"], ["c.js", "[!ab].js"], ["a.ts", "*.{js,ts}"], [".a", "*"], ["a/.b", "a/*"], ["a\\b", "a\\*"], ["a/b", "*"], ["a/b/c", "**"], ["abc", "a+(b|c)c"], ["ab", "a@(b)"], ["A", "a"]], (a) => p.matchesGlob(...a));
  probes[`${name} matchesGlob bad`] = () => each([[5, "a"], ["a", 5]], (a) => p.matchesGlob(...a));
  probes[`${name} constants`] = () => [p.sep, p.delimiter, p.posix === posix, p.win32 === win32, Object.keys(p).sort()];
}
probes["relative to the working directory"] = () => [path.resolve(), path.resolve(""), path.resolve("a"), path.resolve("..", "x"), path.relative("", "/bundle/a"), path.relative("a", "b")];
probes["default"] = () => path === posix;
export default nodeArea(probes);
