// svelte: components compiled in the worker's build, rendered on the server.
import { render } from "svelte/server";
import { compile } from "svelte/compiler";
import { writable, derived, get } from "svelte/store";
import App from "./app.svelte.js";
import { area } from "../../../conformance/probe.js";

export default area({
  "render": () => { const { head, body } = render(App, { props: { name: "<World>", items: [1, 2, 3], show: true } }); return [head, body]; },
  "empty": () => render(App, { props: { name: "x", items: [] } }).body,
  "await": async () => (await render(App, { props: { name: "x", items: [] } })).body,
  "store": () => { const w = writable(1); const d = derived(w, (x) => x * 2); w.set(4); return get(d); },
  "compile": () => { const { js, css, warnings } = compile("<script>let { a = 1 } = $props(); let d = $derived(a * 2);</script>\n<p class='x' onclick={() => a++}>{d}</p><style>.x { color: red; } .y { b: c }</style>", { generate: "server", filename: "x.svelte" }); return [js.code, css.code.replace(/svelte-\w+/g, "svelte-x"), warnings.map((w) => w.code)]; },
  "compile error": () => { try { compile("{#if x}", { generate: "server" }); } catch (e) { return [e.name, e.code, e.message]; } },
});
