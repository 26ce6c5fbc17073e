// What these tests expect was seen on wrangler 4.164, but for the texts of errors
// that end in (15000): there, all of them say "Unknown Internal Error".
const Q = env.Q;
const sent = () => env.sent();

export async function classes() {
  assert.equal(Object.prototype.toString.call(Q), "[object WorkerQueue]");
  assert.equal(Object.getOwnPropertyNames(Object.getPrototypeOf(Q)).sort().join(), "constructor,metrics,send,sendBatch");
}

export async function results() {
  const none = { backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: undefined };
  assert.equal(await Q.metrics(), none);
  assert.equal(await Q.send({ a: 1 }), { metadata: { metrics: none } });
  const { metadata: { metrics: m } } = await Q.sendBatch([{ body: 1 }, { body: 2 }]);
  assert.equal([m.backlogCount, m.backlogBytes, m.oldestMessageTimestamp instanceof Date], [1, 7, true]);
  assert.equal((await Q.metrics()).backlogCount, 3);
}

export async function content_types() {
  await Q.send(null);
  await Q.send("x");
  await Q.send(new Map([[1, 2]]));
  await Q.send("t", { contentType: "text" });
  await Q.send(new Uint8Array([0, 1, 2]).subarray(1), { contentType: "bytes" });
  await Q.sendBatch((function* () { yield { body: "g" }; yield { body: "h", contentType: "text", delaySeconds: 3 }; })(), { delaySeconds: 7 });
  assert.equal(sent(), ["json null 0", 'json "x" 0', "json {} 0", "text t 0", "bytes \x01\x02 0", 'json "g" 7', "text h 3"]);
}

export async function refused() {
  const cases = [
    [() => Q.send(), "TypeError: Failed to execute 'send' on 'WorkerQueue': parameter 1 is not of type 'Value'."],
    [() => Q.send(undefined), "TypeError: Message body cannot be undefined"],
    [() => Q.send(1, 5), "TypeError: Failed to execute 'send' on 'WorkerQueue': parameter 2 is not of type 'SendOptions'."],
    [() => Q.send(5, { contentType: "text" }), 'TypeError: Content Type "text" requires a value of type string, but received: number'],
    [() => Q.send("x", { contentType: "bytes" }), 'TypeError: Content Type "bytes" requires a value of type ArrayBufferView, but received: string'],
    [() => Q.send(new ArrayBuffer(1), { contentType: "bytes" }), "but received: object"],
    [() => Q.send(1, { contentType: "x" }), "TypeError: Unsupported queue message content type: x"],
    [() => Q.send(1, { contentType: null }), "TypeError: Unsupported queue message content type: null"],
    [() => Q.send(1n), "TypeError"],
    [() => Q.send(() => 1), "(15000)"],
    [() => Q.send(() => 1, { contentType: "v8" }), "DataCloneError"],
    [() => Q.send(1, { delaySeconds: -1 }), "message delay -1 is invalid: it must be from 0 to 86400 seconds (15000)"],
    [() => Q.send(1, { delaySeconds: 86401 }), "(15000)"],
    [() => Q.send("x".repeat(127_999)), "message length of 128001 bytes exceeds limit of 128000 (15000)"],
    [() => Q.sendBatch(), "TypeError: Failed to execute 'sendBatch' on 'WorkerQueue': parameter 1 is not of type 'Sequence'."],
    [() => Q.sendBatch("ab"), "parameter 1 is not of type 'Sequence'."],
    [() => Q.sendBatch([]), "TypeError: sendBatch() requires at least one message"],
    [() => Q.sendBatch([{}]), "TypeError: Message body cannot be undefined"],
    [() => Q.sendBatch([5]), "TypeError: Incorrect type: the provided value is not of type 'MessageSendRequest'."],
    [() => Q.sendBatch(Array(101).fill({ body: 1 })), "batch message count of 101 exceeds limit of 100 (15000)"],
    [() => Q.sendBatch(Array(3).fill({ body: "x".repeat(99_998) })), "batch size of 300000 bytes exceeds limit of 288000 (15000)"],
    [() => Q.sendBatch([{ body: 1 }, { body: 1, delaySeconds: -1 }]), "(15000)"],
  ];
  for (const [f, message] of cases) await assert.throws(f, message);
  assert.equal(sent(), []);
  await Q.send("x".repeat(127_998));
  await Q.send(1, { delaySeconds: 1.5 });
  await Q.send(2, { delaySeconds: NaN });
  assert.equal(sent().slice(1), ["json 1 1", "json 2 0"]);
}

export async function order() {
  await Promise.all([1, 2, 3, 4, 5].map((n) => Q.send(n)));
  assert.equal(sent().join(), "json 1 0,json 2 0,json 3 0,json 4 0,json 5 0");
}
