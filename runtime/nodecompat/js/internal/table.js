// console.table.
const { inspect } = require("internal/inspect");
const { isMap, isMapIterator, isSet, isSetIterator } = require("util/types");
const { validateArray } = require("internal/errors");
const { stripVTControlCharacters } = require("util");

const index = "(index)", step = "(iteration index)", values = "Values", key = "Key";

// cell shows a value: an object's own members are not opened further than one level.
const cell = (v) => inspect(v, { maxArrayLength: 3, breakLength: Infinity, colors: false, depth: v !== null && typeof v === "object" && !Array.isArray(v) && Object.keys(v).length > 2 ? -1 : 0 });

// width is how many columns of a terminal a text takes.
function width(text) {
  let n = 0;
  for (const c of stripVTControlCharacters(text).normalize("NFC")) {
    const code = c.codePointAt(0);
    if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(c)) continue;
    n += wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
  }
  return n;
}
const wide = [[0x1100, 0x115f], [0x2e80, 0x303e], [0x3041, 0x3247], [0x3250, 0x4dbf], [0x4e00, 0xa4c6], [0xa960, 0xa97c], [0xac00, 0xd7a3], [0xf900, 0xfaff], [0xfe10, 0xfe19], [0xfe30, 0xfe6b], [0xff01, 0xff60], [0xffe0, 0xffe6], [0x1f300, 0x1f64f], [0x1f900, 0x1f9ff], [0x20000, 0x3fffd]];

// draw makes the lines of a table: a name and the cells of each column.
function draw(names, columns) {
  const widths = names.map((n, i) => Math.max(width(n), ...columns[i].map(width)) + 2);
  const line = (cells) => `│${cells.map((c, i) => ` ${c}${" ".repeat(widths[i] - width(c) - 1)}`).join("│")}│`;
  const rule = (left, middle, right) => left + widths.map((w) => "─".repeat(w)).join(middle) + right;
  const rows = Math.max(0, ...columns.map((c) => c.length));
  const body = Array.from({ length: rows }, (_, r) => line(columns.map((c) => c[r] ?? "")));
  return [rule("┌", "┬", "┐"), line(names), rule("├", "┼", "┤"), ...body, rule("└", "┴", "┘")].join("\n");
}

const count = (items) => items.map((_, i) => String(i));

// table is the text of a value, undefined for what is no table.
function table(data, columns) {
  if (columns !== undefined) validateArray(columns, "properties");
  if (data === null || typeof data !== "object") return undefined;
  if (isMap(data) || (isMapIterator(data) && Symbol.iterator in data)) {
    const items = [...data];
    if (isMap(data) || items.every((e) => Array.isArray(e) && e.length === 2)) {
      return draw([step, key, values], [count(items), items.map(([k]) => cell(k)), items.map(([, v]) => cell(v))]);
    }
    return draw([step, values], [count(items), items.map(cell)]);
  }
  if (isSet(data) || isSetIterator(data)) {
    const items = [...data];
    return draw([step, values], [count(items), items.map(cell)]);
  }
  return rowsOf(data, columns);
}

function rowsOf(data, columns) {
  const rows = Object.keys(data), named = new Map((columns ?? []).map((c) => [c, []])), plain = [];
  let primitive = false;
  rows.forEach((row, i) => {
    const item = data[row];
    if (item === null || (typeof item !== "object" && typeof item !== "function")) {
      primitive = true;
      plain[i] = cell(item);
      return;
    }
    for (const k of columns ?? Object.keys(item)) {
      if (!named.has(k)) named.set(k, []);
      if (Object.hasOwn(item, k)) named.get(k)[i] = cell(item[k]);
    }
  });
  const filled = (cells) => Array.from({ length: rows.length }, (_, i) => cells[i] ?? "");
  const names = [index, ...named.keys()], cells = [rows, ...[...named.values()].map(filled)];
  return primitive ? draw([...names, values], [...cells, filled(plain)]) : draw(names, cells);
}

module.exports = { table };
