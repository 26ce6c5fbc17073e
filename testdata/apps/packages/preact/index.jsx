/** @jsxRuntime automatic @jsxImportSource preact */
// preact and its server renderer.
import { createContext, Fragment, h, toChildArray } from "preact";
import { useContext, useEffect, useId, useMemo, useReducer, useState } from "preact/hooks";
import { lazy, Suspense, memo, forwardRef } from "preact/compat";
import { render, renderToStringAsync } from "preact-render-to-string";
import { renderToReadableStream } from "preact-render-to-string/stream";
import renderJsx from "preact-render-to-string/jsx";
import htm from "htm";
import { area } from "../../../conformance/probe.js";

const Ctx = createContext("c");
const Hooks = () => { const [a] = useState(1); const [b] = useReducer((x) => x, 2); useEffect(() => {}); return <p id={useId()}>{a}{b}{useMemo(() => 3, [])}{useContext(Ctx)}</p>; };
const Lazy = lazy(async () => { await null; return { default: () => <b>lazy</b> }; });
const html = htm.bind(h);

export default area({
  "render": () => render(<div class="a" style={{ color: "red", marginTop: 3 }} hidden onClick={() => {}} dangerouslySetInnerHTML={undefined}>{"<&>"}{0}{null}<Fragment>x</Fragment></div>),
  "hooks": () => render(<Ctx.Provider value="v"><Hooks /><Hooks /></Ctx.Provider>),
  "async": () => renderToStringAsync(<Suspense fallback="w"><Lazy /></Suspense>),
  "stream": async () => new Response(renderToReadableStream(<main><Suspense fallback={<i>w</i>}><Lazy /></Suspense></main>)).text(),
  "jsx": () => renderJsx(<div a={1} b="x"><span>{["t", 1]}</span></div>, {}, { pretty: true }),
  "compat": () => { const M = memo(forwardRef(({ t }, ref) => <u ref={ref}>{t}</u>)); return render(<M t="m" />); },
  "htm": () => render(html`<ul>${[1, 2].map((n) => html`<li key=${n}>${n}</li>`)}</ul>`),
  "children": () => toChildArray([1, [<a key="k" />, null, "x"]]).length,
  "svg": () => render(<svg viewBox="0 0 1 1"><path strokeWidth={2} xlinkHref="#" /></svg>),
  "error": () => { try { render(h(() => { throw new Error("bad"); })); } catch (e) { return e; } },
});
