// Addresses, and what sockets and names say without a network.
export async function addresses() {
  const net = require("net");
  assert.equal(["1.2.3.4", "256.1.1.1", "::1", "fe80::1%eth0", "1::2::3", "::ffff:1.2.3.4", "x", "1.2.3"].map(net.isIP), [4, 0, 6, 6, 0, 6, 0, 0]);
  const list = new net.BlockList();
  list.addAddress("10.0.0.1");
  list.addRange("192.168.0.1", "192.168.0.9");
  list.addSubnet("fd00::", 8, "ipv6");
  assert.equal([list.check("10.0.0.1"), list.check("10.0.0.2"), list.check("192.168.0.5"), list.check("fd12::1", "ipv6"), list.check("::1", "ipv6")], [true, false, true, true, false]);
  assert.equal(list.rules, ["Address: IPv4 10.0.0.1", "Range: IPv4 192.168.0.1-192.168.0.9", "Subnet: IPv6 fd00::/8"]);
  assert.equal(net.SocketAddress.parse("[::1]:8080").port, 8080);
}

export async function connectChecksItsArguments() {
  const net = require("net"), tls = require("tls");
  assert.throws(() => net.connect(), `The "options" or "port" or "path" argument must be specified`);
  assert.throws(() => net.connect({ port: 70000 }), "should be >= 0 and < 65536");
  assert.throws(() => tls.connect({}), `The "options" or "port" or "path" argument must be specified`);
  assert.equal(new net.Socket().readyState, "open");
  assert.equal(net.createServer().listen(1).address(), { address: "0.0.0.0", port: 1, family: "IPv4" });
}

export async function namesThatNeedNoAnswer() {
  const dns = require("dns");
  assert.equal(await dns.promises.lookup("127.0.0.1"), { address: "127.0.0.1", family: 4 });
  assert.equal(await new Promise((resolve) => dns.lookup("::1", (err, a, f) => resolve([err, a, f]))), [null, "::1", 6]);
  await assert.throws(() => dns.promises.resolve("x", "NOPE"), "is invalid. Received 'NOPE'");
}
