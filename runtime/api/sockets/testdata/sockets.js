const enc = (s) => new TextEncoder().encode(s);
const dec = (b) => new TextDecoder().decode(b);

// open connects and gives what tests need of the socket.
const open = (addr, options) => {
	const socket = connect(addr, options);
	const w = socket.writable.getWriter(), r = socket.readable.getReader();
	const read = async () => { const { value, done } = await r.read(); return done ? "(end)" : dec(value); };
	return { socket, w, r, read, write: (s) => w.write(enc(s)) };
};

async function echo() {
	const { socket, read, write } = open(plain);
	assert.equal(await socket.opened, { remoteAddress: plain, localAddress: undefined });
	await write("hello\n");
	assert.equal(await read(), "hello\n");
	await socket.close();
	await socket.closed;
}

async function large_data_flows_both_ways() {
	const { socket, w, r } = open(plain);
	const line = enc("x".repeat(999) + "\n");
	const n = 400;
	const sending = (async () => { for (let i = 0; i < n; i++) await w.write(line); })();
	let got = 0;
	while (got < n * 1000) got += (await r.read()).value.length;
	await sending;
	assert.equal(got, n * 1000);
	await socket.close();
}

async function close_sends_what_was_written() {
	const { socket, write } = open(plain);
	write("a\n");
	write("b\n");
	await socket.close();
	await socket.closed;
}

async function the_end_of_the_peer_closes_the_socket() {
	const { socket, w, read, write } = open(plain);
	await write("bye\n");
	assert.equal(await read(), "(end)");
	await socket.closed;
	await assert.throws(() => w.write(enc("x")), "closed");
}

async function half_open_goes_on_writing() {
	const { socket, w, read, write } = open(plain, { allowHalfOpen: true });
	await write("a\n");
	assert.equal(await read(), "a\n");
	await w.close();
	assert.equal(await read(), "eof\n");
	assert.equal(await read(), "(end)");
	await socket.close();
}

async function a_pipe_through_the_socket() {
	const socket = connect(plain, { allowHalfOpen: true });
	const sent = new Response("one\ntwo\n").body.pipeTo(socket.writable);
	assert.equal(await new Response(socket.readable).text(), "one\ntwo\neof\n");
	await sent;
	await socket.close();
}

async function a_broken_connection() {
	const { socket, read, write } = open(plain);
	await write("reset\n");
	await assert.throws(read, "Network connection lost.");
	await socket.closed;
}

async function close_ends_a_read() {
	const { socket, read } = open(plain);
	await socket.opened;
	const failed = assert.throws(read, "This socket has been closed.");
	await socket.close();
	await failed;
	assert.throws(() => socket.startTls(), "secureTransport");
}

async function tls() {
	const port = secure.split(":")[1];
	const { socket, read, write } = open({ hostname: "127.0.0.1", port }, { secureTransport: "on" });
	await socket.opened;
	await write("secret\n");
	assert.equal(await read(), "secret\n");
	assert.throws(() => socket.startTls(), "Cannot startTls on a TLS socket.");
	await socket.close();
}

async function tls_with_a_server_that_has_none() {
	const s = connect(plain, { secureTransport: "on" });
	await assert.throws(() => s.opened, "cannot connect to the specified address");
}

async function start_tls() {
	const { socket, w, r, read, write } = open(plain, { secureTransport: "starttls" });
	await write("starttls\n");
	assert.equal(await read(), "go\n");
	w.releaseLock();
	r.releaseLock();
	const upgraded = socket.startTls({ expectedServerHostname: "example.com" });
	assert.equal([socket.secureTransport, upgraded.secureTransport], ["starttls", "on"]);
	assert.throws(() => socket.startTls(), "startTls has already been called");
	await socket.closed;
	await upgraded.opened;
	assert.equal(socket.upgraded, true);
	const w2 = upgraded.writable.getWriter(), r2 = upgraded.readable.getReader();
	await w2.write(enc("now secret\n"));
	assert.equal(dec((await r2.read()).value), "now secret\n");
	await upgraded.close();
}

async function start_tls_with_the_wrong_name() {
	const { socket, read, write } = open(plain, { secureTransport: "starttls" });
	await write("starttls\n");
	await read();
	const upgraded = socket.startTls({ expectedServerHostname: "wrong.test" });
	await assert.throws(() => upgraded.opened, "cannot connect");
}

async function refused_connections() {
	const { socket, read, write } = open("127.0.0.1:1");
	await assert.throws(() => socket.opened, "cannot connect to the specified address");
	await assert.throws(() => socket.closed, "cannot connect");
	assert.equal(await read(), "(end)");
	await assert.throws(() => write("x"), "cannot connect");
}
