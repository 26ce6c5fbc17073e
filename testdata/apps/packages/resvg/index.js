// @resvg/resvg-wasm: wasm-bindgen that draws.
import { Resvg, initWasm } from "@resvg/resvg-wasm";
import wasm from "@resvg/resvg-wasm/index_bg.wasm";
import { area } from "../../../conformance/probe.js";

const hash = async (b) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", b))].map((x) => x.toString(16).padStart(2, "0")).join("").slice(0, 16);

export default area({
  "resvg": async () => { await initWasm(wasm); const r = new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="20" height="20" fill="red"/><circle cx="30" cy="10" r="8" fill="url(#g)"/><defs><linearGradient id="g"><stop stop-color="blue"/><stop offset="1" stop-color="lime"/></linearGradient></defs></svg>', { fitTo: { mode: "width", value: 80 } }); const p = r.render(); return [p.width, p.height, await hash(p.pixels), p.asPng().length]; },
  "resvg bad": () => new Resvg("<svg"),
});
