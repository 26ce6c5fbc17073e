const { Buffer } = require("buffer");

// chunks calls f for each chunk of a stream of either kind, or async iterable.
async function chunks(stream, f) {
  const it = stream[Symbol.asyncIterator]?.() ?? stream[Symbol.iterator]();
  for (;;) {
    const { value, done } = await it.next();
    if (done) return;
    f(value);
  }
}
const api = {
  async blob(stream) {
    const parts = [];
    await chunks(stream, (c) => parts.push(c));
    return new Blob(parts);
  },
  async buffer(stream) {
    const parts = [];
    await chunks(stream, (c) => parts.push(typeof c === "string" ? Buffer.from(c) : new Uint8Array(c.buffer ?? c, c.byteOffset ?? 0, c.byteLength)));
    return Buffer.concat(parts);
  },
  async arrayBuffer(stream) { return (await api.blob(stream)).arrayBuffer(); },
  async text(stream) {
    const decoder = new TextDecoder();
    let text = "";
    await chunks(stream, (c) => { text += typeof c === "string" ? c : decoder.decode(c, { stream: true }); });
    return text + decoder.decode();
  },
  async json(stream) { return JSON.parse(await api.text(stream)); },
};
module.exports = { ...api };
