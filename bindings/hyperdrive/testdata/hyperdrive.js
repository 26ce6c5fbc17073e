async function ask(socket) {
  const writer = socket.writable.getWriter();
  await writer.write(new TextEncoder().encode("hello"));
  return new Response(socket.readable).text();
}

async function rejection(promise) {
  return promise.then(() => "fulfilled", (e) => `${e.name}: ${e.message}`);
}

export async function theStringsOfTheBinding() {
  assert(/^[0-9a-f]{32}\.hyperdrive\.local$/.test(PLAIN.host), PLAIN.host);
  assert.equal(PLAIN.connectionString, `postgres://us er:p@ss@${PLAIN.host}:5432/d b?sslmode=disable`);
  assert.equal([PLAIN.user, PLAIN.password, PLAIN.database, PLAIN.port], ["us er", "p@ss", "d b", 5432]);
  assert(/^240\.0\.\d+\.\d+$/.test(PLAIN.ip), PLAIN.ip);
  assert.equal(MYSQL.connectionString, `mysql://u:p@${MYSQL.host}:3306/db?ssl-mode=disabled`);
  assert.equal(Object.keys(PLAIN), ["connectionString", "port", "ip", "host", "password", "user", "database"]);
  assert(PLAIN.host !== MYSQL.host);
}

export async function connections() {
  assert.equal(await ask(PLAIN.connect()), "plain hello");
  assert.equal(await ask(connect({ hostname: PLAIN.host, port: PLAIN.port })), "plain hello");
  assert.equal(await ask(connect(`${PLAIN.ip}:${PLAIN.port}`)), "plain hello");
  assert.equal(await ask(MYSQL.connect()), "plain hello");
  const { remoteAddress } = await PLAIN.connect().opened;
  assert.equal(remoteAddress, `${PLAIN.host}:5432`);
}

export async function anotherPortIsNotThere() {
  assert.equal(await rejection(connect({ hostname: PLAIN.host, port: 1 }).opened), "Error: proxy request failed, cannot connect to the specified address");
}

export async function tlsToTheDatabase() {
  assert.equal(await ask(PREFER.connect()), "plain hello");
  assert.equal(await ask(REQUIRE.connect()), "tls hello");
  assert.equal(await ask(VERIFIED.connect()), "tls hello");
  assert.equal(await ask(AUTHORITY.connect()), "tls hello");
  const reason = await REFUSED.connect().opened.catch((e) => e.reason);
  assert.equal(reason, "Server does not support SSL, but client requires SSL.");
  const untrusted = await UNTRUSTED.connect().opened.catch((e) => e.reason);
  assert(/certificate/.test(untrusted), untrusted);
}

export async function withoutADatabase() {
  for (const use of [() => UNSET.connectionString, () => UNSET.connect()]) {
    let text = "nothing";
    try {
      use();
    } catch (e) {
      text = e.message;
    }
    assert(/^env\.UNSET\.\w+: the Hyperdrive binding has no database to connect to: set "localConnectionString", or/.test(text), text);
  }
}
