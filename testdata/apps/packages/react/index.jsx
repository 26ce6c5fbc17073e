/** @jsxRuntime automatic @jsxImportSource react */
// react-dom/server: streaming and static rendering, suspense, errors.
import { Component, Fragment, Suspense, createContext, forwardRef, lazy, memo, use, useContext, useId, useMemo, useReducer, useState } from "react";
import { renderToReadableStream, renderToStaticMarkup, renderToString } from "react-dom/server";
import { prerender } from "react-dom/static";
import { preload } from "react-dom";
import { area } from "../../../conformance/probe.js";

const Ctx = createContext("none");
const sleep = (ms, v) => new Promise((ok) => setTimeout(ok, ms, v));
const Lazy = lazy(async () => ({ default: () => <b>lazy</b> }));
const Named = memo(forwardRef(({ n }, ref) => <i ref={ref}>{n}</i>));
const Hooks = () => { const [a] = useState(() => 1); const [b] = useReducer((s) => s, 2); const id = useId(); return <p id={id}>{a}{b}{useMemo(() => 3, [])}{useContext(Ctx)}</p>; };
class Old extends Component { static contextType = Ctx; state = { x: 1 }; static getDerivedStateFromProps() { return { y: 2 }; } render() { return <s>{this.state.x}{this.state.y}{this.context}</s>; } }
const Data = ({ p }) => <q>{use(p)}</q>;
const AsyncComponent = async ({ t }) => { await sleep(1); return <u>{t}</u>; };
const Page = ({ children }) => <html><head><title>T</title><meta charSet="utf-8" /></head><body>{children}</body></html>;
const text = async (node, options) => new Response(await renderToReadableStream(node, options)).text();
// What depends on where the bundle is.
const noStacks = (html) => html.replace(/ data-(stck|cstck)="[^"]*"/g, "").replace(/("Switched to client rendering because[^"]*",?)+\s*"[^"]*"\)/g, "…)");
const Throws = () => { throw new Error("render failed"); };
const rows = Array.from({ length: 300 }, (_, i) => <tr key={i}><td>{i}</td><td data-x={i % 2 ? "odd" : null}>{"é".repeat(i % 7)}</td></tr>);

export default area({
  "string": () => renderToString(<div className="a" style={{ marginTop: 3, "--x": "y", WebkitBoxFlex: 1 }} tabIndex={1} hidden dangerouslySetInnerHTML={undefined}>{"<&>\"'"}{null}{true}{0}{[<Fragment key="f">x</Fragment>]}</div>),
  "static": () => renderToStaticMarkup(<><input defaultValue="v" readOnly disabled={false} /><select defaultValue="b"><option value="a">A</option><option value="b">B</option></select><textarea defaultValue={"a\nb"} /><svg viewBox="0 0 1 1" xlinkHref="#a"><path strokeWidth={2} /></svg></>),
  "hooks": () => renderToString(<Ctx.Provider value="ctx"><Hooks /><Hooks /><Old /><Named n="m" /></Ctx.Provider>),
  "inner html": () => renderToStaticMarkup(<div dangerouslySetInnerHTML={{ __html: "<p>raw</p>" }} />),
  "stream": () => text(<Page><h1>hi</h1></Page>),
  "suspense": () => text(<Page><Suspense fallback={<p>wait</p>}><Data p={sleep(3, "data")} /></Suspense></Page>),
  "suspense lazy": () => text(<Page><Suspense fallback="..."><Lazy /></Suspense></Page>),
  "nested suspense": () => text(<Page><Suspense fallback="1"><Data p={sleep(2, "a")} /><Suspense fallback="2"><Data p={sleep(6, "b")} /></Suspense></Suspense></Page>),
  "async component": () => text(<Page><Suspense fallback="f"><AsyncComponent t="server" /></Suspense></Page>),
  "all ready": async () => { const s = await renderToReadableStream(<Page><Suspense fallback="w"><Data p={sleep(1, "d")} /></Suspense></Page>); await s.allReady; return new Response(s).text(); },
  "bootstrap": () => text(<Page />, { bootstrapScripts: ["/a.js"], bootstrapModules: ["/m.js"], bootstrapScriptContent: "x('</script>')", nonce: "n0", identifierPrefix: "p" }),
  "error in boundary": async () => { const seen = []; const out = await text(<Page><Suspense fallback="sad"><Throws /></Suspense></Page>, { onError: (e) => { seen.push(e.message); return "digest"; } }); return [noStacks(out), seen]; },
  "error in shell": async () => { const seen = []; try { await text(<Throws />, { onError: (e) => seen.push(e.message) }); } catch (e) { return [e.message, seen]; } },
  "abort": async () => { const c = new AbortController(); const p = text(<Page><Suspense fallback="never"><Data p={new Promise(() => {})} /></Suspense></Page>, { signal: c.signal, onError: () => "gone" }); setTimeout(() => c.abort(new Error("late")), 5); return p.then(noStacks); },
  "prerender": async () => { const { prelude } = await prerender(<Page><Suspense fallback="x"><Data p={sleep(1, "pre")} /></Suspense></Page>); return new Response(prelude).text(); },
  "metadata": () => text(<Page><title>Inner</title><link rel="stylesheet" href="/s.css" precedence="default" /><script async src="/z.js" /></Page>),
  "preload": () => text(<Page>{(() => { preload("/f.woff2", { as: "font" }); return "p"; })()}</Page>),
  "big": async () => { const s = await text(<Page><table><tbody>{rows}</tbody></table></Page>); return [s.length, s.slice(-300)]; },
  "chunks": async () => { const r = (await renderToReadableStream(<Page><Suspense fallback="w"><Data p={sleep(8, "d")} /></Suspense></Page>)).getReader(); let n = 0; for (;;) { const { done, value } = await r.read(); if (done) return n > 1; n += value instanceof Uint8Array; } },
  "form action": () => text(<Page><form action="/a" method="post"><input name="x" defaultChecked type="checkbox" /></form></Page>),
});
