// marked.
import { Marked, lexer, marked } from "marked";
import { area } from "../../../conformance/probe.js";

const text = `# Title *em* \`code\`

A paragraph with **bold _nested_**, ~~gone~~, [link](https://x.example "t"), ![img](a.png), <span>html</span>, https://auto.example and a\\*b.
Line two  
break &amp; & < > "q"

- one
  - [x] done
  - [ ] open
2. two
3. three

> quote
> more
> > deep

| a | b |
|:--|--:|
| 1 | \`|\` |

\`\`\`js title
const x = "<y>";
\`\`\`

    indented

Setext
======

***

[ref]: /url 'Title'
A [ref] and [text][ref] and [^nope]. Ünïcödé 😀 _a_b_c_ *a*b* **日本語**です
`;

export default area({
  "html": () => marked.parse(text),
  "inline": () => marked.parseInline("**a** _b_ `c` <br> h_e_llo 2*3*4"),
  "breaks": () => marked.parse("a\nb", { breaks: true }),
  "pedantic": () => marked.parse("_a_b * c\n#x", { pedantic: true, gfm: false }),
  "tokens": () => JSON.stringify(lexer("# a\n\n- b **c**")),
  "renderer": () => new Marked({ renderer: { heading({ tokens, depth }) { return `<h${depth} id="x">${this.parser.parseInline(tokens)}</h${depth}>`; }, link: () => false } }).parse("## *hi*\n[a](b)"),
  "extension": () => new Marked({ extensions: [{ name: "at", level: "inline", start: (s) => s.indexOf("@"), tokenizer(s) { const m = /^@(\w+)/.exec(s); if (m) return { type: "at", raw: m[0], who: m[1] }; }, renderer: (t) => `<a>${t.who}</a>` }] }).parse("hi @bob!"),
  "async": () => new Marked({ async: true, walkTokens: async (t) => { if (t.type === "text") { await null; t.text = t.text.toUpperCase(); } } }).parse("abc *d*"),
  "long": () => { const s = marked.parse((text + "\n").repeat(20)); return [s.length, s.slice(-80)]; },
  "hostile": () => marked.parse("*".repeat(300) + "a" + "[".repeat(300) + "`".repeat(99)).length,
});
