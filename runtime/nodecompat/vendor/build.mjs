// Builds the files of this folder from the packages package.json pins.
import { build } from "esbuild";
import { readFileSync, writeFileSync, existsSync } from "node:fs";

// Where the licence of each file stands. path-unified is Node's own lib/path.js
// and ships no text of its own; the one of readable-stream, Node's too, is it.
const licences = {
  inspect: "node-inspect-extracted/LICENSE",
  paths: "readable-stream/LICENSE",
  punycodes: "punycode/LICENSE-MIT.txt",
  querystrings: "unenv/LICENSE",
  readable_stream: "readable-stream/LICENSE",
  legacy_url: "unenv/LICENSE",
};

// Modules that nodecompat answers, under the names packages use for them.
const ours = {
  buffer: "buffer", "safe-buffer": "buffer", events: "events", process: "process", "abort-controller": "internal/globals", "internal/peek": "internal/peek", util: "util", "internal/platform_inspect": "internal/platform_inspect", "internal/fold": "internal/fold",
  "process/": "process", "string_decoder/": "string_decoder", "node:querystring": "querystring", "node:path": "path",
};

// path asks a global for the working directory, which in workerd is / for it.
const banners = { paths: 'var process={cwd:()=>"/",env:{},platform:"linux"};' };

const external = {
  name: "ours",
  setup(b) {
    b.onResolve({ filter: /.*/ }, (a) => {
      if (a.kind !== "entry-point" && a.path in ours) return { path: ours[a.path], external: true };
      if (a.path === "./punycode.mjs") return { path: "punycode", external: true };
    });
  },
};

// What node-inspect-extracted asks of V8, and async generators, which the engine
// has no prototypes of.
const inspected = [
  [/\{name:"AsyncGeneratorFunctionPrototype".*?\{\}\)\},/, ""],
  [/\{name:"AsyncIteratorPrototype".*?\.prototype\)\},/, ""],
  ["getPromiseDetails:()=>[g,void 0]", 'getPromiseDetails:p=>{const[s,v]=require("internal/peek").settled(p);return[s===1?g:s===3?h:s,v]}'],
  ["getProxyDetails:c.getProxyDetails.bind(c)", 'getProxyDetails:require("internal/peek").proxyDetails'],
  ['previewEntries:t=>[[],!1]', 'previewEntries:require("internal/peek").previewEntries'],
  // Maps and sets without their prototype are what they are.
  ['if(!A(t,"Map"))return!1;', ""],
  ['if(!A(t,"Set"))return!1;', ""],
  // As in the Node that workerd follows, which is older.
  ["{ [byteLength]: ", "{ byteLength: "],
  ['t.stylize(`[${r}]`,"string")}: ${i}', 't.stylize(o?`[${r}]`:r,"string")}: ${i}'],
  ["<Inspection threw (${nr(t,i,n)})>", "<Inspection threw (${i.message})>"],
  // What customized inspection is handed is the inspect that everybody has.
  ["(t,r),Nn);if(", '(t,r),require("util").inspect);if('],
  // Long text of nested values is put aside.
  ["nr(n,t,0)}Nn.custom", 'require("internal/fold").unfold(n,nr(n,t,0))}Nn.custom'],
  ["+B.length;return t.budget[t.indentationLvl]=T,T>2**27&&(t.depth=-1),B}", '+require("internal/fold").length(t,B);return t.budget[t.indentationLvl]=T,T>2**27&&(t.depth=-1),require("internal/fold").fold(t,B)}'],
  ["if(2===o&&c>6&&(e=function", 'if(2===o&&c>6&&(e=require("internal/fold").columns(t,e),e=function'],
  // Objects of the platform, which have no properties of their own.
  ["if(t.customInspect){const n=e[Ne];", 'if(t.customInspect){const n=e[Ne]??require("internal/platform_inspect")(e);'],
  // The engine's stacks: a tab, and an instruction number after the column.
  ["try{n=e.stack}catch{}", String.raw`try{n=e.stack;if(typeof n=="string")n=n.replace(/^\s+at (.*?)(:\d+:\d+)\(\d+\)(\)?)$/gm,"    at $1$2$3").replace(/^\tat /gm,"    at ").trimEnd()}catch{}`],
];
// Streams take all views of memory, as in the Node that workerd follows, and
// their errors are of the classes that workerd's are.
const chunks = [
  ["Stream._isUint8Array(chunk)", "ArrayBuffer.isView(chunk)"],
  ["'Buffer', 'Uint8Array'], chunk", "'Buffer', 'TypedArray', 'DataView'], chunk"],
];
const pushed = [["errorOrDestroy(stream, err)\n  } else if (chunk === null)", "errorOrDestroy(stream, err)\n    return false\n  } else if (chunk === null)"]];
const patches = {
  "node-inspect-extracted/dist/inspect.js": inspected,
  "readable-stream/lib/internal/streams/readable.js": [...chunks, ...pushed],
  "readable-stream/lib/internal/streams/writable.js": [
    ...chunks,
    ["if (!Buffer.isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(encoding)\n  this", "if (!Buffer.isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(String(encoding))\n  this"],
  ],
  "readable-stream/lib/internal/streams/operators.js": [["validateInteger(concurrency, 'options.concurrency', 1)", "validateInteger(concurrency, 'concurrency', 1)"]],
  "readable-stream/lib/internal/streams/end-of-stream.js": [[
    "return eosWeb(stream, options, callback)",
    "throw Object.assign(new TypeError('finished() is not supported for web streams by the streams implementation in use'), { code: 'ERR_WEB_STREAM_INTEROP_UNSUPPORTED' })",
  ]],
  "readable-stream/lib/ours/errors.js": [
    ["E('ERR_STREAM_PREMATURE_CLOSE', 'Premature close', Error)", "E('ERR_STREAM_PREMATURE_CLOSE', 'Premature close', TypeError)"],
    ["const { format, inspect } = require('./util/inspect')", "const { format } = require('./util/inspect'); const inspect = (...a) => require('util').inspect(...a)"],
    ["let msg\n    const len = args.length\n    args = (Array.isArray(args) ? args : [args]).map((a) => `\"${a}\"`).join(' or ')", "let msg = ''\n    const len = args.length\n    args = args.map((a) => `\"${a}\"`)"],
    ["codes[code] = NodeError", "Object.defineProperty(NodeError, 'name', { value: Base.name }); codes[code] = NodeError"],
  ],
};

const patched = {
  name: "patched",
  setup(b) {
    for (const [file, list] of Object.entries(patches)) {
      b.onLoad({ filter: new RegExp(`${file.replaceAll(".", "\\.").replaceAll("/", "[/\\\\]")}$`) }, (a) => {
        let contents = readFileSync(a.path, "utf8");
        for (const [what, by] of list) {
          const before = contents;
          contents = contents.replace(what, () => by);
          if (contents === before) throw new Error(`nothing to patch: ${what}`);
        }
        return { contents };
      });
    }
  },
};

// The names of its functions and of their parameters are in punycode's errors.
const named = ["punycodes"];

for (const [name, licence] of Object.entries(licences)) {
  const entry = ["cjs", "mjs"].map((x) => `src/${name}.${x}`).find(existsSync);
  await build({
    entryPoints: [entry], outfile: `${name}.js`, bundle: true, format: "cjs", platform: "neutral", mainFields: ["main"],
    target: "es2022", supported: { "async-generator": false, "for-await": false, "class-static-blocks": false },
    banner: banners[name] ? { js: banners[name] } : {},
    minifyWhitespace: true, minifySyntax: true, minifyIdentifiers: !named.includes(name), legalComments: "none", plugins: [external, patched],
  });
  writeFileSync(`${name}.LICENSE`, readFileSync(`node_modules/${licence}`));
}
