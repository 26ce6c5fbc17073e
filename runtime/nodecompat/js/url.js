const { codes, validateObject, validateString } = require("internal/errors");
const legacy = require("legacy_url");
const path = require("path");
const { toASCII, toUnicode } = require("punycodes");

// Url is the vendored one with its members in Node's order.
function Url() {
  for (const name of ["protocol", "slashes", "auth", "host", "port", "hostname", "hash", "search", "query", "pathname", "path", "href"]) this[name] = null;
}
const old = legacy.Url.prototype;
Object.setPrototypeOf(Url.prototype, old);
Object.assign(Url.prototype, {
  parse(url, parseQueryString, slashesDenoteHost) {
    validateString(url, "url");
    try {
      old.parse.call(this, url, parseQueryString, slashesDenoteHost);
    } catch (err) {
      throw err.code === "ERR_INVALID_URL" ? Object.assign(codes.ERR_INVALID_URL(), { input: url }) : err;
    }
    return this;
  },
  format() { return old.format.call(this); },
  resolveObject(relative) { return Object.assign(new Url(), old.resolveObject.call(this, typeof relative === "string" ? parse(relative, false, true) : relative)); },
  resolve(relative) { return this.resolveObject(parse(relative, false, true)).format(); },
  parseHost() { return old.parseHost.call(this); },
});

function parse(url, parseQueryString, slashesDenoteHost) {
  return url instanceof Url ? url : new Url().parse(url, parseQueryString, slashesDenoteHost);
}
function resolve(source, relative) { return parse(source, false, true).resolve(relative); }
function resolveObject(source, relative) { return source ? parse(source, false, true).resolveObject(relative) : relative; }

function format(object, options) {
  if (typeof object === "string") object = parse(object);
  else if (typeof object !== "object" || object === null) throw codes.ERR_INVALID_ARG_TYPE("urlObject", ["object", "string"], object);
  else if (object instanceof URL) return formatURL(object, options);
  return Url.prototype.format.call(object);
}

function formatURL(url, options) {
  if (options != null) validateObject(options, "options");
  let { auth = true, fragment = true, search = true, unicode = false } = options ?? {};
  [auth, fragment, search] = [auth, fragment, search].map((v) => v ?? true);
  const u = new URL(url.href);
  if (!auth) u.username = u.password = "";
  if (!fragment) u.hash = "";
  if (!search) u.search = "";
  return unicode ? u.href.replace(u.hostname, toUnicode(u.hostname)) : u.href;
}

function domainToASCII(domain) {
  if (arguments.length < 1) throw codes.ERR_MISSING_ARGS("domain");
  if (/^[^/?#\\[]*[@:]/.test(domain)) return ""; // a domain has neither user nor port
  try {
    return new URL(`ws://${domain}`).hostname;
  } catch {
    // Labels that cannot be decoded pass as they are.
    return /^(?:[a-z\d-]+\.)*xn--[a-z\d-]*(?:\.[a-z\d-]+)*$/i.test(domain) ? `${domain}`.toLowerCase() : "";
  }
}
function domainToUnicode(domain) {
  if (arguments.length < 1) throw codes.ERR_MISSING_ARGS("domain");
  const ascii = domainToASCII(domain);
  try {
    const unicode = toUnicode(ascii);
    return domainToASCII(unicode) === ascii ? unicode : ascii;
  } catch {
    return ascii;
  }
}

function fileURLToPath(url, options) {
  const windows = options?.windows;
  if (typeof url === "string") url = new URL(url);
  else if (!(url instanceof URL)) throw codes.ERR_INVALID_ARG_TYPE("path", ["string", "URL"], url);
  if (url.protocol !== "file:") throw codes.ERR_INVALID_URL_SCHEME("file");
  return windows ? windowsPath(url) : posixPath(url);
}

function posixPath(url) {
  if (url.hostname !== "") throw codes.ERR_INVALID_FILE_URL_HOST("linux");
  if (/%2f/i.test(url.pathname)) throw codes.ERR_INVALID_FILE_URL_PATH("must not include encoded / characters");
  return decodeURIComponent(url.pathname);
}

function windowsPath(url) {
  if (/%2f|%5c/i.test(url.pathname)) throw codes.ERR_INVALID_FILE_URL_PATH("must not include encoded \\ or / characters");
  const pathname = decodeURIComponent(url.pathname.replaceAll("/", "\\"));
  if (url.hostname !== "") return `\\\\${domainToUnicode(url.hostname)}${pathname}`;
  if (!/^\\[a-z]:/i.test(pathname)) throw codes.ERR_INVALID_FILE_URL_PATH("must be absolute");
  return pathname.slice(1);
}

const escapes = { "%": "%25", "\\": "%5C", "\n": "%0A", "\r": "%0D", "\t": "%09", "?": "%3F", "#": "%23", "[": "%5B", "]": "%5D", "~": "%7E" };
const escapePath = (p, windows) => p.replace(windows ? /[%\n\r\t?#[\]~]/g : /[%\\\n\r\t?#[\]~]/g, (c) => escapes[c]);

function pathToFileURL(filepath, options) {
  validateString(filepath, "filepath");
  const windows = options?.windows, p = windows ? path.win32 : path.posix;
  if (windows && filepath.startsWith("\\\\")) return shareURL(filepath);
  let resolved = p.resolve(filepath);
  if ((filepath.endsWith("/") || windows && filepath.endsWith("\\")) && !resolved.endsWith(p.sep)) resolved += "/";
  resolved = escapePath(resolved, windows);
  return new URL(`file://${windows ? `/${resolved.replaceAll("\\", "/")}` : resolved}`);
}

// shareURL is of \\host\share\file, \\?\UNC\host\share\file too.
function shareURL(filepath) {
  const from = filepath.startsWith("\\\\?\\UNC\\") ? 8 : 2, end = filepath.indexOf("\\", from);
  if (end === -1) throw codes.ERR_INVALID_ARG_VALUE("path", filepath, "Missing UNC resource path");
  if (end === 2) throw codes.ERR_INVALID_ARG_VALUE("path", filepath, "Empty UNC servername");
  const url = new URL("file://");
  url.hostname = domainToASCII(filepath.slice(from, end));
  url.pathname = escapePath(filepath.slice(end).replaceAll("\\", "/"), true);
  return url;
}

function toPathIfFileURL(v) { return v instanceof URL ? fileURLToPath(v) : v; }

function urlToHttpOptions(url) {
  const { hostname, pathname, port, username, password, search } = url;
  const options = {
    __proto__: null, ...url, protocol: url.protocol, hostname: hostname?.startsWith("[") ? hostname.slice(1, -1) : hostname,
    hash: url.hash, search, pathname, path: `${pathname || ""}${search || ""}`, href: url.href,
  };
  if (port !== "") options.port = Number(port);
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

module.exports = {
  domainToASCII, domainToUnicode, fileURLToPath, format, parse, pathToFileURL, resolve,
  resolveObject, toPathIfFileURL, urlToHttpOptions, Url, URL, URLSearchParams,
};
