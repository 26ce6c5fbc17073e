// How unicode.txt was made: the ranges of every property, asked of workerd. LONGS
// stands for the list of long script names; the answer's first line is a check.
export default { async fetch() {
  let big = ""; { const parts = []; let a = []; for (let c = 0; c <= 0x10FFFF; c++) { if (c === 0xD800) c = 0xE000; a.push(c); if (a.length === 4096) { parts.push(String.fromCodePoint(...a)); a = []; } } parts.push(String.fromCodePoint(...a)); big = parts.join(""); }
  const cpAt = (i) => i < 0xD800 ? i : i < 0xD800 + 0x2000 ? i + 0x800 : 0x10000 + ((i - 0xD800 - 0x2000) >> 1);
  const sur = []; for (let c = 0xD800; c <= 0xDFFF; c++) sur.push(String.fromCharCode(c));
  const ranges = (prop) => {
    const re = new RegExp(`\\p{${prop}}+`, "gu"), out = [];
    for (let m; (m = re.exec(big));) { const lo = cpAt(m.index), hi = cpAt(m.index + m[0].length - 1); 
      if (lo < 0xD800 && hi >= 0xE000) { out.push([lo, 0xD7FF]); out.push([0xE000, hi]); } else out.push([lo, hi]); }
    const one = new RegExp(`\\p{${prop}}`, "u"); const n = sur.filter((c) => one.test(c)).length;
    if (n === 2048) out.push([0xD800, 0xDFFF]); else if (n) throw new Error(prop + " " + n);
    out.sort((a, b) => a[0] - b[0]);
    const merged = []; for (const r of out) { const l = merged.at(-1); if (l && l[1] + 1 === r[0]) l[1] = r[1]; else merged.push(r); }
    let s = "", at = 0; for (const [lo, hi] of merged) { s += (s ? " " : "") + (lo - at).toString(36) + (hi > lo ? "." + (hi - lo).toString(36) : ""); at = hi + 1; }
    return s;
  };
  const valid = (p) => { try { new RegExp(`\\p{${p}}`, "u"); return true; } catch { return false; } };
  const out = [];
  const group = (kind, names, prefix) => { const by = new Map(); for (const n of names) { if (!valid(prefix + n)) continue; const r = ranges(prefix + n); by.has(r) ? by.get(r).push(n) : by.set(r, [n]); } for (const [r, n] of by) out.push(kind + " " + n.join("|") + "\t" + r); return by; };
  const gc = "L Letter Lu Uppercase_Letter Ll Lowercase_Letter Lt Titlecase_Letter LC Cased_Letter Lm Modifier_Letter Lo Other_Letter M Mark Combining_Mark Mn Nonspacing_Mark Mc Spacing_Mark Me Enclosing_Mark N Number Nd Decimal_Number digit Nl Letter_Number No Other_Number P Punctuation punct Pc Connector_Punctuation Pd Dash_Punctuation Ps Open_Punctuation Pe Close_Punctuation Pi Initial_Punctuation Pf Final_Punctuation Po Other_Punctuation S Symbol Sm Math_Symbol Sc Currency_Symbol Sk Modifier_Symbol So Other_Symbol Z Separator Zs Space_Separator Zl Line_Separator Zp Paragraph_Separator C Other Cc Control cntrl Cf Format Cs Surrogate Co Private_Use Cn Unassigned".split(" ");
  group("gc", gc, "gc=");
  const bin = "ASCII ASCII_Hex_Digit AHex Alphabetic Alpha Any Assigned Bidi_Control Bidi_C Bidi_Mirrored Bidi_M Case_Ignorable CI Cased Changes_When_Casefolded CWCF Changes_When_Casemapped CWCM Changes_When_Lowercased CWL Changes_When_NFKC_Casefolded CWKCF Changes_When_Titlecased CWT Changes_When_Uppercased CWU Dash Default_Ignorable_Code_Point DI Deprecated Dep Diacritic Dia Emoji Emoji_Component EComp Emoji_Modifier EMod Emoji_Modifier_Base EBase Emoji_Presentation EPres Extended_Pictographic ExtPict Extender Ext Grapheme_Base Gr_Base Grapheme_Extend Gr_Ext Hex_Digit Hex IDS_Binary_Operator IDSB IDS_Trinary_Operator IDST ID_Continue IDC ID_Start IDS Ideographic Ideo Join_Control Join_C Logical_Order_Exception LOE Lowercase Lower Math Noncharacter_Code_Point NChar Pattern_Syntax Pat_Syn Pattern_White_Space Pat_WS Quotation_Mark QMark Radical Regional_Indicator RI Sentence_Terminal STerm Soft_Dotted SD Terminal_Punctuation Term Unified_Ideograph UIdeo Uppercase Upper Variation_Selector VS White_Space space XID_Continue XIDC XID_Start XIDS".split(" ");
  group("b", bin, "");
  const codes = []; const A = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", a = A.toLowerCase();
  for (const w of A) for (const x of a) for (const y of a) for (const z of a) if (valid("sc=" + w + x + y + z)) codes.push(w + x + y + z);
  const longs = LONGS;
  const names = [...new Set([...codes, ...longs])];
  const sc = group("sc", names, "sc=");
  const unmatched = [...sc.values()].filter((n) => n.length < 2).map(String);
  const scr = new Map(); for (const [r, n] of sc) for (const x of n) scr.set(x, r);
  group("scx", names.filter((n) => valid("scx=" + n) && ranges("scx=" + n) !== scr.get(n)), "scx=");
  return new Response(JSON.stringify(unmatched) + "\n" + out.join("\n") + "\n");
} };
