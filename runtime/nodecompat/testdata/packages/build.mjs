// Bundles the packages that packages_test.go runs, as a worker's bundle would
// hold them. By hand, with Node 22 or later: npm ci && node build.mjs
import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

for (const name of ["jsonwebtoken", "pg", "uuid", "winston"]) {
  const { metafile } = await build({
    stdin: { contents: `module.exports = require("${name}")`, resolveDir: "." }, outfile: `${name}.js`, bundle: true, minify: true, format: "iife", globalName: "pkg",
    platform: "node", conditions: ["workerd", "worker"], target: "es2022", supported: { "dynamic-import": false, "async-generator": false, "for-await": false }, legalComments: "none", metafile: true,
    external: ["cloudflare:sockets", "pg-native"],
  });
  const folders = new Set(Object.keys(metafile.inputs).map((f) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(f)?.[0]).filter(Boolean));
  const texts = [...folders].sort().map((dir) => {
    const file = readdirSync(dir).find((f) => /^licen[cs]e/i.test(f));
    const { name, license } = JSON.parse(readFileSync(`${dir}/package.json`, "utf8"));
    return `${name}\n${"=".repeat(name.length)}\n${file ? readFileSync(`${dir}/${file}`, "utf8").trim() : license}\n`;
  });
  writeFileSync(`${name}.LICENSES`, texts.join("\n"));
}
