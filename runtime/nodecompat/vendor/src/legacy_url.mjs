export { Url, parse, resolve, resolveObject, format } from "../node_modules/unenv/dist/runtime/node/url.mjs";
