export * from "../node_modules/unenv/dist/runtime/node/querystring.mjs";
