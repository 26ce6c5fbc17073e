// @modelcontextprotocol/sdk: a server and a client in one worker, and over fetch.
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import * as z from "zod";
import { area } from "../../../conformance/probe.js";

const server = () => {
  const s = new McpServer({ name: "demo", version: "1.0.0" }, { capabilities: { logging: {} } });
  s.registerTool("add", { title: "Add", description: "adds", inputSchema: { a: z.number(), b: z.number().optional() }, outputSchema: { sum: z.number() } },
    async ({ a, b = 0 }) => ({ content: [{ type: "text", text: String(a + b) }], structuredContent: { sum: a + b } }));
  s.registerTool("fail", {}, async () => { throw new Error("broken"); });
  s.registerResource("greeting", new ResourceTemplate("hi://{name}", { list: undefined }), { title: "Hi" }, async (uri, { name }) => ({ contents: [{ uri: uri.href, text: `hi ${name}` }] }));
  s.registerPrompt("ask", { argsSchema: { q: z.string() } }, ({ q }) => ({ messages: [{ role: "user", content: { type: "text", text: q } }] }));
  return s;
};
const connected = (f) => async () => {
  const [a, b] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "c", version: "1" });
  await Promise.all([server().connect(a), client.connect(b)]);
  try { return JSON.stringify(await f(client)); } catch (e) { return [e.name, e.code, e.message]; } finally { await client.close(); }
};
const rpc = async (body, headers) => {
  const t = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: headers?.json });
  await server().connect(t);
  const r = await t.handleRequest(new Request("https://x.example/mcp", { method: "POST", headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers }, body: JSON.stringify(body) }));
  return [r.status, r.headers.get("content-type"), await r.text()].join(" | ");
};
const init = { jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "x", version: "1" } } };

export default area({
  "tools": connected((c) => c.listTools()),
  "call": connected((c) => c.callTool({ name: "add", arguments: { a: 1, b: 2 } })),
  "call wrong": connected((c) => c.callTool({ name: "add", arguments: { a: "x" } })),
  "call failing": connected((c) => c.callTool({ name: "fail" })),
  "call missing": connected((c) => c.callTool({ name: "none" })),
  "resource": connected((c) => c.readResource({ uri: "hi://bob" })),
  "templates": connected((c) => c.listResourceTemplates()),
  "prompt": connected((c) => c.getPrompt({ name: "ask", arguments: { q: "why" } })),
  "capabilities": connected(async (c) => [c.getServerCapabilities(), c.getServerVersion(), await c.ping()]),
  "http": () => rpc(init),
  "http json": () => rpc(init, { json: "1" }),
  "http wrong accept": () => rpc(init, { accept: "text/plain" }),
  "http bad": () => rpc({ nope: 1 }),
});
