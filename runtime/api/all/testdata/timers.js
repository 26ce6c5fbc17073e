async function orderOfTimersAndMicrotasks() {
  const log = [];
  await new Promise((resolve) => {
    setTimeout(() => { log.push("t10"); resolve(); }, 10);
    setTimeout(() => { log.push("t0"); Promise.resolve().then(() => log.push("micro of t0")); }, 0);
    setTimeout(() => log.push("t0b"), 0);
    queueMicrotask(() => log.push("micro"));
    log.push("sync");
  });
  assert.equal(log.join(), "sync,micro,t0,micro of t0,t0b,t10");
}

async function clearing() {
  let fired = 0;
  const a = setTimeout(() => fired++, 0);
  clearTimeout(a);
  clearTimeout(a); clearTimeout(undefined); clearTimeout("x");
  let n = 0;
  await new Promise((resolve) => { const i = setInterval(() => { if (++n === 3) { clearInterval(i); resolve(); } }, 1); });
  await scheduler.wait(5);
  assert.equal([fired, n].join(), "0,3");
}

async function argumentsAndIds() {
  const got = await new Promise((resolve) => { assert.equal(typeof setTimeout((...a) => resolve(a.join()), 0, 1, "b"), "number"); });
  assert.equal(got, "1,b");
  await assert.throws(() => setTimeout("code"), "TypeError");
}

async function waitWithSignal() {
  const c = new AbortController();
  const p = scheduler.wait(60000, { signal: c.signal });
  c.abort("enough");
  let why;
  try { await p; } catch (e) { why = e; }
  assert.equal(why.toString(), "Error: enough"); // an error, whatever the reason
}

async function timeoutSignals() {
  const s = AbortSignal.timeout(1);
  await new Promise((resolve) => s.addEventListener("abort", resolve));
  assert.equal([s.aborted, s.reason.name].join(), "true,TimeoutError");
}

async function performanceRuns() {
  const a = performance.now();
  await scheduler.wait(2);
  assert(performance.now() > a);
  assert(performance.timeOrigin === 0 && performance.now() > 1e12);
  assert.equal(navigator.userAgent, "Cloudflare-Workers");
}
