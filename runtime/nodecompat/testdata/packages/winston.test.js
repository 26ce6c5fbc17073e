export async function logsThroughStreams() {
  const { PassThrough } = require("stream"), lines = [];
  const stream = new PassThrough();
  stream.on("data", (d) => lines.push(d.toString()));
  const logger = pkg.createLogger({
    level: "info", defaultMeta: { service: "x" }, format: pkg.format.combine(pkg.format.splat(), pkg.format.errors({ stack: false }), pkg.format.json()),
    transports: [new pkg.transports.Stream({ stream })],
  });
  logger.info("hello %s", "world");
  logger.debug("not this");
  logger.child({ id: 7 }).warn("child");
  const done = new Promise((resolve) => logger.on("finish", resolve));
  logger.end();
  await done;
  await require("timers/promises").setTimeout(1);
  assert.equal(lines.map((l) => JSON.parse(l)), [
    { level: "info", message: "hello world", service: "x" }, { id: 7, level: "warn", message: "child", service: "x" },
  ]);
}

export async function consoleTransport() {
  const logger = pkg.createLogger({ transports: [new pkg.transports.Console({ format: pkg.format.simple() })] });
  logger.info("to the log");
}
