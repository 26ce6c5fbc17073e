// The sockets of pg-cloudflare come from cloudflare:sockets, which this test
// does not provide.
export async function clientConnectsThroughPlatformSockets() {
  const client = new pkg.Client({ host: "127.0.0.1", port: 1, user: "u", password: "p", database: "d" });
  client.on("error", () => {});
  await assert.throws(() => client.connect(), "cloudflare:sockets");
}

export async function typesAndQueries() {
  assert.equal(pkg.types.getTypeParser(20)("5"), "5");
  assert.equal(pkg.escapeLiteral("a'b"), "'a''b'");
  assert(pkg.Pool && new pkg.Pool({ max: 1 }).totalCount === 0);
}
