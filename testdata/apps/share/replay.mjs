// Replays transcript.json against a running server: node replay.mjs http://127.0.0.1:8787
// Needs Node 22 (it has WebSocket). Stops at the first difference. README.md explains the format.
import { readFileSync } from "node:fs";
import { request } from "node:http";

const base = new URL(process.argv[2] ?? "http://127.0.0.1:8787");
const transcript = JSON.parse(readFileSync(new URL("transcript.json", import.meta.url), "utf8"));
const vars = {};
const sockets = {};
const TIMEOUT_MS = 10_000;

const fill = (text) => text.replace(/\$\{(\w+)\}/g, (_, name) => vars[name]);

/** The same value with variables and {repeat, times} filled in. */
function expand(value) {
  if (typeof value === "string") return fill(value);
  if (Array.isArray(value)) return value.map(expand);
  if (value === null || typeof value !== "object") return value;
  if ("repeat" in value) return value.repeat.repeat(value.times);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, expand(entry)]));
}

/** Empty when they match, else where and how they differ. */
function difference(want, got, at = "$") {
  const wrong = `${at}: want ${JSON.stringify(want)}, got ${JSON.stringify(got)}`;
  if (typeof want === "string") {
    if (want === "<any>") return "";
    if (want === "<string>" || want === "<number>") return typeof got === want.slice(1, -1) ? "" : wrong;
    if (want.startsWith("~")) return typeof got === "string" && new RegExp(fill(want.slice(1))).test(got) ? "" : wrong;
    return fill(want) === got ? "" : wrong;
  }
  if (want === null || typeof want !== "object") return want === got ? "" : wrong;
  if (got === null || typeof got !== "object" || (Array.isArray(want) && !Array.isArray(got))) return wrong;
  if (want.$contains) {
    return want.$contains.every((item) => got.some((candidate) => !difference(item, candidate))) ? "" : wrong;
  }
  if (Object.keys(want).sort().join() !== Object.keys(got).sort().join()) return wrong;
  return Object.keys(want).map((key) => difference(want[key], got[key], `${at}.${key}`)).find(Boolean) ?? "";
}

function send({ method, path, headers = {}, body, json }) {
  const payload = json !== undefined ? JSON.stringify(expand(json)) : body !== undefined ? expand(body) : undefined;
  const all = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]));
  all.Host = new URL(transcript.origin).host;
  if (payload !== undefined) all["Content-Length"] = Buffer.byteLength(payload);
  return new Promise((resolve, reject) => {
    const call = request({ host: base.hostname, port: base.port, path: fill(path), method, headers: all }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
    });
    call.on("error", reject);
    call.end(payload);
  });
}

function check(expect, response) {
  if (response.status !== expect.status) return `status: want ${expect.status}, got ${response.status} ${response.text.slice(0, 200)}`;
  for (const [name, want] of Object.entries(expect.headers ?? {})) {
    const wrong = difference(want, response.headers[name.toLowerCase()] ?? null, name);
    if (wrong) return wrong;
  }
  if (expect.text !== undefined) return difference(expect.text, response.text, "text");
  return expect.json === undefined ? "" : difference(expect.json, JSON.parse(response.text));
}

function capture(from, response) {
  const [kind, ...rest] = from.split(" ");
  const what = rest.join(" ");
  if (kind === "header") return response.headers[what.toLowerCase()];
  if (kind === "json") return JSON.parse(response.text)[what];
  return new RegExp(what).exec(response.text)[1];
}

async function http(step) {
  const until = Date.now() + (step.withinMs ?? 0);
  for (;;) {
    const response = await send(step.request);
    const wrong = check(step.expect, response);
    if (wrong && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      continue;
    }
    if (wrong) throw new Error(wrong);
    for (const [name, from] of Object.entries(step.capture ?? {})) vars[name] = capture(from, response);
    return;
  }
}

async function connect(step) {
  const url = new URL(fill(step.path), base);
  url.protocol = "ws:";
  const socket = new WebSocket(url);
  const peer = { socket, queue: [], waiting: null };
  sockets[step.connect] = peer;
  const push = (event) => {
    peer.queue.push(event);
    peer.waiting?.();
  };
  socket.onmessage = ({ data }) => push({ data });
  socket.onclose = ({ code, reason }) => push({ code, reason });
  const opened = await new Promise((resolve) => {
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
  });
  // WebSocket clients of the browser kind do not tell the status of a refusal; a plain request with
  // the same headers does.
  if (!step.expect) {
    if (!opened) throw new Error("the handshake failed");
    return;
  }
  if (opened) throw new Error(`want status ${step.expect.status}, got a connection`);
  const headers = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==" };
  const wrong = check(step.expect, await send({ method: "GET", path: step.path, headers }));
  if (wrong) throw new Error(wrong);
}

async function next(name) {
  const peer = sockets[name];
  if (peer.queue.length === 0) {
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`nothing came for ${name}`)), TIMEOUT_MS);
      peer.waiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  return peer.queue.shift();
}

async function run(step) {
  if (step.request) return http(step);
  if (step.connect) return connect(step);
  if (step.send) {
    const { text, json, base64 } = step;
    const data = base64 !== undefined ? Buffer.from(base64, "base64") : text ?? JSON.stringify(expand(json));
    return sockets[step.send].socket.send(data);
  }
  if (step.close) return sockets[step.close].socket.close(step.code, step.reason);
  const event = await next(step.receive ?? step.receiveClose);
  if (step.receiveClose) {
    const { code, reason } = step;
    const wrong = event.code !== code || (reason !== undefined && event.reason !== reason);
    if (wrong) throw new Error(`want close ${code} ${reason ?? ""}, got ${JSON.stringify(event)}`);
    return;
  }
  if (event.data === undefined) throw new Error(`want a message, got ${JSON.stringify(event)}`);
  const wrong = step.text !== undefined ? difference(step.text, event.data) : difference(step.json, JSON.parse(event.data));
  if (wrong) throw new Error(wrong);
}

for (const [index, step] of transcript.steps.entries()) {
  try {
    await run(step);
  } catch (error) {
    console.error(`step ${index} (${step.name}): ${error.message}`);
    process.exit(1);
  }
}
console.log(`${transcript.steps.length} steps as in the transcript`);
process.exit(0);
