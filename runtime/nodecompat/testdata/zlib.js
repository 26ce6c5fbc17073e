// Streams of node:zlib in pieces, and ones that nobody ends.
const zlib = () => require("zlib");

export async function abandonedStreamsEndWithTheEvent() {
  for (const name of ["createGunzip", "createInflate", "createBrotliDecompress", "createZstdDecompress"]) {
    const s = zlib()[name]();
    const c = zlib()[{ createGunzip: "gzipSync", createInflate: "deflateSync", createBrotliDecompress: "brotliCompressSync", createZstdDecompress: "zstdCompressSync" }[name]]("x".repeat(1000));
    await new Promise((resolve) => s.write(c.subarray(0, 8), resolve));
  }
}

export async function anyPiecesGiveTheText() {
  const text = Array.from({ length: 5000 }, (_, i) => `line ${i * 7919}`).join("\n");
  for (const [c, d] of [["gzipSync", "createGunzip"], ["deflateSync", "createUnzip"], ["brotliCompressSync", "createBrotliDecompress"], ["zstdCompressSync", "createZstdDecompress"]]) {
    const packed = zlib()[c](text);
    for (const size of [7, 1000, packed.length]) {
      const s = zlib()[d](), out = [];
      s.on("data", (b) => out.push(b));
      const end = require("events").once(s, "end");
      for (let i = 0; i < packed.length; i += size) s.write(packed.subarray(i, i + size));
      s.end();
      await end;
      assert.equal(Buffer.concat(out).toString() === text, true, `${c} ${size}`);
    }
  }
}

export async function pipelineOfBoth() {
  const { pipeline } = require("stream/promises"), { Readable, PassThrough } = require("stream");
  const out = new PassThrough();
  await Promise.all([
    pipeline(Readable.from(["a".repeat(1e5), "b"]), zlib().createGzip(), zlib().createGunzip(), out),
    require("stream/consumers").text(out).then((t) => assert.equal(t.length, 100001)),
  ]);
}

export async function platformReadsWhatNodeWrites() {
  const body = new Response(zlib().gzipSync("hello")).body.pipeThrough(new DecompressionStream("gzip"));
  assert.equal(await new Response(body).text(), "hello");
}
