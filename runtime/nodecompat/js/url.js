const { codes, shape, validateString } = require("internal/errors");
const legacy = require("legacy_url");
const path = require("path");
const { toASCII, toUnicode } = require("punycodes");

const { Url, resolve, resolveObject } = legacy;

function parse(url, parseQueryString, slashesDenoteHost) {
  if (url instanceof Url) return url;
  validateString(url, "url");
  const u = new Url();
  u.parse(url, parseQueryString, slashesDenoteHost);
  return u;
}

function format(object, options) {
  if (typeof object === "string") object = parse(object);
  else if (typeof object !== "object" || object === null) throw codes.ERR_INVALID_ARG_TYPE("urlObject", ["object", "string"], object);
  else if (object instanceof URL) return formatURL(object, options);
  return Url.prototype.format.call(object);
}

function formatURL(url, options) {
  const { auth = true, fragment = true, search = true, unicode = false } = options ?? {};
  const u = new URL(url.href);
  if (!auth) u.username = u.password = "";
  if (!fragment) u.hash = "";
  if (!search) u.search = "";
  return unicode ? u.href.replace(u.hostname, toUnicode(u.hostname)) : u.href;
}

function domainToASCII(domain) {
  if (arguments.length < 1) throw codes.ERR_MISSING_ARGS("domain");
  try {
    return new URL(`ws://${domain}`).hostname;
  } catch {
    return "";
  }
}
function domainToUnicode(domain) {
  if (arguments.length < 1) throw codes.ERR_MISSING_ARGS("domain");
  return toUnicode(domainToASCII(domain));
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

function pathToFileURL(filepath, options) {
  validateString(filepath, "path");
  const windows = options?.windows, p = windows ? path.win32 : path.posix;
  let resolved = p.resolve(filepath);
  if (/[\\/]$/.test(filepath) && !resolved.endsWith(p.sep)) resolved += p.sep;
  if (windows) resolved = "/" + resolved.replaceAll("\\", "/");
  const escapes = { "%": "%25", "\\": "%5C", "\n": "%0A", "\r": "%0D", "\t": "%09", "?": "%3F", "#": "%23" };
  return new URL(`file://${resolved.replace(windows ? /[%\n\r\t?#]/g : /[%\\\n\r\t?#]/g, (c) => escapes[c])}`);
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
  domainToASCII, domainToUnicode, fileURLToPath, format, parse, pathToFileURL, resolve: shape(resolve, "resolve", 2),
  resolveObject: shape(resolveObject, "resolveObject", 2), toPathIfFileURL, urlToHttpOptions, Url, URL, URLSearchParams,
};
