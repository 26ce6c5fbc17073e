// Servers of node:net, which take what is connected to this worker.
import net from "node:net";
import { connectHandler } from "cloudflare:node";

const serve = (port, listener, options = {}) => {
  const server = net.createServer(options, listener);
  server.listen(port);
  return server;
};
const about = (s) => ({ local: [s.localAddress, s.localPort, s.localFamily], remote: [s.remoteAddress, typeof s.remotePort, s.remoteFamily], address: s.address(), state: [s.readyState, s.connecting, s.pending, s.destroyed, s.allowHalfOpen], class: s.constructor.name });

serve(5001, (s) => s.pipe(s));
serve(5002, (s) => s.end(JSON.stringify(about(s))));
serve(5003, (s) => { s.setEncoding("utf8"); let text = ""; s.on("data", (c) => { text += c; }); s.on("end", () => s.end(text.toUpperCase())); }, { allowHalfOpen: true });
serve(5004, (s) => { const lines = []; s.on("data", (c) => { lines.push(c.length); }); s.on("end", () => lines.push("end")); s.on("finish", () => lines.push("finish")); s.on("close", (e) => { lines.push(`close ${e}`); seen[5004] = lines; }); });
serve(5005, (s) => s.destroy());
const counted = serve(5006, (s) => counted.getConnections((err, n) => s.end(`${err} ${n} ${s.server === counted}`)));
serve(5007, (s) => { s.write("a"); s.write("b", () => s.end("c")); });
const paused = serve(5008, (s) => { s.write(`${s.isPaused()} ${paused.pauseOnConnect}`); s.on("data", () => s.end("got")); s.resume(); }, { pauseOnConnect: true });
const closed = serve(5009, () => {});
closed.close();
serve({ port: 5010, host: "localhost" }, (s) => s.end(JSON.stringify(about(s).local)));
serve({ port: 5011, host: "::" }, (s) => s.end(JSON.stringify([about(s).local, about(s).remote])));
const full = serve(5012, (s) => s.end("never"));
full.maxConnections = 0;
full.on("drop", (d) => { seen[5012] = [d.localPort, d.remoteFamily]; });
serve(5013, (s) => { let n = 0; s.on("data", (c) => { n += c.length; }); s.on("end", () => s.end(`${n} ${s.bytesRead}`)); }, { allowHalfOpen: true });
const seen = {};
serve(5099, (s) => s.end(JSON.stringify(seen)));

export default connectHandler();
