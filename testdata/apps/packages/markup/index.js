// unified with remark and rehype, linkedom, cheerio, handlebars, mustache, liquidjs, unhead, i18next.
import { unified } from "unified";
import remarkParse from "remark-parse";
import remarkGfm from "remark-gfm";
import remarkRehype from "remark-rehype";
import rehypeStringify from "rehype-stringify";
import rehypeSanitize from "rehype-sanitize";
import rehypeRaw from "rehype-raw";
import { parseHTML, DOMParser } from "linkedom";
import * as cheerio from "cheerio";
import Handlebars from "handlebars";
import Mustache from "mustache";
import { Liquid } from "liquidjs";
import { createHead, renderSSRHead } from "unhead/server";
import i18next from "i18next";
import { area } from "../../../conformance/probe.js";
const md = "---\nt: 1\n---\n# Hi *you*\n\n| a | b |\n|---|:-:|\n| 1 | ~~2~~ |\n\n- [x] done\n- https://x.example\n\n<b onclick=1>raw</b>[^1]\n\n[^1]: note é😀\n\n```js\na<b\n```\n";
export default area({
  "markdown": async () => String(await unified().use(remarkParse).use(remarkGfm).use(remarkRehype, { allowDangerousHtml: true }).use(rehypeRaw).use(rehypeSanitize).use(rehypeStringify).process(md)),
  "linkedom": () => { const { document, customElements, HTMLElement } = parseHTML("<!doctype html><ul><li class=a>1<li>2</ul>"); class X extends HTMLElement { connectedCallback() { this.innerHTML = "<i>x</i>"; } } customElements.define("x-x", X); const e = document.createElement("x-x"); document.querySelector("ul").after(e); document.querySelectorAll("li:not(.a)").forEach((l) => l.setAttribute("k", "v")); return document.toString(); },
  "linkedom xml": () => new DOMParser().parseFromString("<r><a b='1'/></r>", "text/xml").toString(),
  "cheerio": () => { const $ = cheerio.load("<ul id=f><li class=a>A</li><li>B</li></ul>"); $("li").eq(1).addClass("b").text("<x>").before("<li>n</li>"); return [$.html(), $("li").map((i, e) => $(e).text()).get(), $("#f > li:first-child").attr("class"), $.extract({ l: ["li"] }).l]; },
  "handlebars": () => Handlebars.compile("{{a}}")({ a: 1 }),
  "handlebars ast": () => JSON.stringify(Handlebars.parse("{{#if a}}x{{/if}}").body[0].type),
  "handlebars precompiled": () => Handlebars.template({ compiler: [8, ">= 4.3.0"], main: (c, d, h, p, data) => "hi " + c.escapeExpression(d.a), useData: true })({ a: "<x>" }),
  "mustache": () => Mustache.render("{{#l}}<{{.}}>{{{h}}}{{/l}}{{^e}}none{{/e}}{{> p}}", { l: [1, "&"], h: "<i>" }, { p: "[{{l.length}}]" }),
  "liquid": async () => new Liquid().parseAndRender("{% for i in (1..3) %}{{ i | times: 2 }}{% unless forloop.last %}, {% endunless %}{% endfor %} x {{ d | date: '%b %d, %y' }} {{ 'a b' | url_encode | upcase }}", { d: "2020-03-04" }),
  "unhead": () => { const h = createHead(); h.push({ title: "T <x>", meta: [{ name: "description", content: "é\"" }], script: [{ innerHTML: "</script>" }], htmlAttrs: { lang: "en" } }); return renderSSRHead(h); },
  "i18next": async () => { const i = i18next.createInstance(); await i.init({ lng: "en", fallbackLng: "en", interpolation: { escapeValue: true }, resources: { en: { translation: { k_one: "{{count}} item", k_other: "{{count}} items", d: "{{v, datetime}}", n: "{{v, number}}", c: "{{v, currency(USD)}}", r: "{{v, relativetime}}", l: "{{v, list}}", o_ordinal_one: "{{count}}st", o_ordinal_two: "{{count}}nd", o_ordinal_other: "{{count}}th", nest: "a $t(k, {\"count\": 2})", e: "<{{x}}>" } }, pl: { translation: { k_one: "1 plik", k_few: "{{count}} pliki", k_many: "{{count}} plików" } } } }); return [i.t("k", { count: 1 }), i.t("k", { count: 5 }), i.t("d", { v: new Date(0) }), i.t("n", { v: 12345.6 }), i.t("c", { v: 3 }), i.t("r", { v: -2 }), i.t("l", { v: ["a", "b", "c"] }), i.t("o", { count: 2, ordinal: true }), i.t("nest"), i.t("e", { x: "<b>" }), i.t("missing"), i.getFixedT("pl")("k", { count: 3 }), i.getFixedT("pl")("k", { count: 12 })]; },
});
