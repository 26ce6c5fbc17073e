// Strings of inspect that would be copied again by each value around them: the
// engine has no ropes, so what is nested n deep would cost n³. A long one is put
// aside, and a marker as wide as inspect cares for stands for it until the end.

// Shorter text is cheaper to copy than to find again.
const long = 4096;
const marker = /\n\0 *(\d+)\0/g;

/** The length of text with everything put aside back in its place. */
function length(ctx, text) {
  if (!ctx.folded) return text.length;
  let n = text.length;
  for (const [mark, id] of text.matchAll(marker)) n += (ctx.folded[id]?.length ?? mark.length) - mark.length;
  return n;
}

// How wide a marker is: wider than a line, as what it stands for. That lines
// have an end is not for sure; then, nothing but columns asks for a width.
const width = (ctx) => (Number.isFinite(+ctx.breakLength) ? +ctx.breakLength : 0);

/** Puts text aside if it is long, and returns what stands for it, which has more
 * than one line too. */
function fold(ctx, text) {
  // A comparator sees the text itself.
  if (text.length < Math.max(long, 2 * width(ctx)) || ctx.sorted || !text.includes("\n")) return text;
  ctx.folded ??= [];
  const id = ctx.folded.push({ text, length: length(ctx, text) }) - 1;
  return `\n\0${String(id).padStart(width(ctx))}\0`;
}

/** The items of an array before they are set in columns. */
const columns = (ctx, items) => (width(ctx) > 0 ? items : items.map((text) => unfold(ctx, text)));

/** Puts back all that was put aside. */
function unfold(ctx, text) {
  if (!ctx.folded) return text;
  const out = [];
  const open = [{ text, at: 0 }]; // not recursive: it nests as deep as the value
  while (open.length > 0) {
    const top = open.at(-1);
    marker.lastIndex = top.at;
    const m = marker.exec(top.text);
    out.push(top.text.slice(top.at, m?.index));
    if (!m) {
      open.pop();
      continue;
    }
    top.at = marker.lastIndex;
    const part = ctx.folded[m[1]];
    if (part) open.push({ text: part.text, at: 0 });
    else out.push(m[0]); // somebody's own text
    delete ctx.folded[m[1]];
  }
  return out.join("");
}

module.exports = { length, fold, columns, unfold };
