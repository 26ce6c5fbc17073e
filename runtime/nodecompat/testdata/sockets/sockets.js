// node:net and node:tls against a server that answers lines in upper case.
const line = (s) => new Promise((resolve, reject) => { s.once("data", (d) => resolve(d.toString())); s.once("error", reject); });

export async function plainSocket() {
  const net = require("net");
  const s = net.connect(plain, "127.0.0.1");
  assert(s.connecting && s.readyState === "opening");
  s.write("before connect\n");
  await require("events").once(s, "connect");
  assert.equal([s.remoteAddress, s.remotePort, s.readyState], ["127.0.0.1", plain, "open"]);
  assert.equal(await line(s), "BEFORE CONNECT\n");
  s.write("more\n");
  assert.equal(await line(s), "MORE\n");
  assert.equal([s.bytesWritten, s.bytesRead], [20, 20]);
  const closed = require("events").once(s, "close");
  s.end();
  await closed;
  assert(s.destroyed);
}

export async function refusedConnection() {
  const net = require("net");
  const s = net.connect({ port: 1, host: "127.0.0.1" });
  const err = await new Promise((resolve) => s.on("error", resolve));
  assert.equal(err.code, "ECONNREFUSED");
}

export async function secureFromTheStart() {
  const tls = require("tls");
  const s = tls.connect({ host: "127.0.0.1", port: secure });
  await require("events").once(s, "secureConnect");
  assert(s.authorized && s.encrypted);
  s.write("hello\n");
  assert.equal(await line(s), "HELLO\n");
  s.destroy();
}

export async function secureLater() {
  const net = require("net"), tls = require("tls");
  const s = net.connect(plain, "127.0.0.1");
  s.write("starttls\n");
  assert.equal(await line(s), "go\n");
  const t = tls.connect({ socket: s });
  await require("events").once(t, "secureConnect");
  t.write("now secret\n");
  assert.equal(await line(t), "NOW SECRET\n");
  t.destroy();
}

export async function timeoutsFire() {
  const net = require("net");
  const s = net.connect(plain, "127.0.0.1");
  s.setTimeout(5);
  await require("events").once(s, "timeout");
  s.destroy();
}

export async function pipedThroughASocket() {
  const net = require("net"), { Readable } = require("stream");
  const s = net.connect(plain, "127.0.0.1"), got = [];
  Readable.from(["a\n", "b\n", "c\n"]).pipe(s, { end: false });
  while (got.join("").length < 6) got.push(await line(s));
  assert.equal(got.join(""), "A\nB\nC\n");
  s.destroy();
}
