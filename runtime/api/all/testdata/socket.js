const pair = () => { const { 0: a, 1: b } = new WebSocketPair(); a.accept(); b.accept(); return [a, b]; };
const next = (ws, type) => new Promise((resolve) => ws.addEventListener(type, resolve, { once: true }));

async function textAndBinary() {
  const [a, b] = pair();
  const got = next(b, "message");
  a.send("hello");
  assert.equal((await got).data, "hello");
  b.binaryType = "arraybuffer";
  const bin = next(b, "message");
  a.send(new Uint8Array([1, 2, 3]));
  assert.equal([...new Uint8Array((await bin).data)], [1, 2, 3]);
  b.binaryType = "blob";
  const blob = next(b, "message");
  a.send(new Uint8Array([65]));
  assert.equal(await (await blob).data.text(), "A");
  a.close(1000); b.close(1000);
}

async function closeHandshake() {
  const [a, b] = pair();
  assert.equal([a.readyState, WebSocket.OPEN].join(), "1,1");
  const closed = next(b, "close");
  a.close(3001, "bye");
  const e = await closed;
  assert.equal([e.code, e.reason, e.wasClean].join(), "3001,bye,true");
  const back = next(a, "close");
  b.close(3001, "bye");
  assert.equal((await back).code, 3001);
  assert.equal([a.readyState, b.readyState].join(), "3,3");
  await assert.throws(() => a.send("late"), "TypeError: Can't call WebSocket send() after close().");
}

async function mustAccept() {
  const [a] = Object.values(new WebSocketPair());
  await assert.throws(() => a.send("x"), "TypeError: You must call one of accept()");
  await assert.throws(() => a.close(), "TypeError");
}

async function closeArguments() {
  const [a] = pair();
  await assert.throws(() => a.close(1005), "InvalidAccessError: Invalid WebSocket close code: 1005.");
  await assert.throws(() => a.close(999), "InvalidAccessError: Invalid WebSocket close code: 999.");
  await assert.throws(() => a.close(1000, "x".repeat(124)), "SyntaxError");
  a.close(1000);
}

async function attachments() {
  const [a] = pair();
  assert.equal(a.deserializeAttachment(), null);
  a.serializeAttachment({ user: "bob", at: new Date(5), list: new Set([1]) });
  const x = a.deserializeAttachment();
  assert.equal([x.user, x.at.getTime(), x.list.has(1)].join(), "bob,5,true");
  await assert.throws(() => a.serializeAttachment("x".repeat(20000)), "cannot be larger");
  await assert.throws(() => a.serializeAttachment(() => {}), "DataCloneError");
  a.close(1000);
}

async function orderIsKept() {
  const [a, b] = pair();
  const got = [];
  const done = new Promise((resolve) => b.addEventListener("message", (e) => { got.push(e.data); if (got.length === 50) resolve(); }));
  for (let i = 0; i < 50; i++) a.send(String(i));
  await done;
  assert.equal(got.join(), [...Array(50).keys()].join());
  a.close(1000);
}

async function responsesCarrySockets() {
  const [a, b] = Object.values(new WebSocketPair());
  const r = new Response(null, { status: 101, webSocket: a });
  assert.equal([r.status, r.webSocket === a].join(), "101,true");
  await assert.throws(() => r.clone(), "TypeError: Cannot clone a response to a WebSocket handshake.");
  b.accept(); a.accept();
  b.close(1000); a.close(1000);
}
