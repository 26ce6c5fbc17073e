// yjs: shared types, updates, undo, snapshots.
import * as Y from "yjs";
import { area } from "../../../conformance/probe.js";

const pair = () => { const a = new Y.Doc(), b = new Y.Doc(); a.clientID = 1; b.clientID = 2; return [a, b]; };
const sync = (a, b) => { Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b))); Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a))); };

export default area({
  "text": () => { const [a, b] = pair(); a.getText("t").insert(0, "hello"); sync(a, b); a.getText("t").insert(5, " world"); b.getText("t").insert(0, "oh "); sync(a, b); return [a.getText("t").toString(), b.getText("t").toString()]; },
  "delta": () => { const [a] = pair(); const t = a.getText("t"); t.insert(0, "bold text"); t.format(0, 4, { bold: true }); t.insertEmbed(4, { image: "x" }); return JSON.stringify(t.toDelta()); },
  "map": () => { const [a, b] = pair(); a.getMap("m").set("k", { deep: [1, null, true, 1.5, 2 ** 40] }); b.getMap("m").set("k", "other"); sync(a, b); return [JSON.stringify(a.getMap("m")), JSON.stringify(b.getMap("m"))]; },
  "array": () => { const [a, b] = pair(); a.getArray("a").push([1, "two", new Uint8Array([3]), { n: [4] }]); sync(a, b); b.getArray("a").delete(1, 1); b.getArray("a").insert(0, [new Y.Map([["n", 1]])]); sync(a, b); return a.getArray("a").toArray().map((v) => v instanceof Y.Map ? v.toJSON() : v); },
  "xml": () => { const [a] = pair(); const f = a.getXmlFragment("x"); const e = new Y.XmlElement("p"); e.setAttribute("class", "c"); e.insert(0, [new Y.XmlText("hi")]); f.insert(0, [e]); return f.toString(); },
  "update bytes": () => { const [a] = pair(); a.getText("t").insert(0, "é😀\ud83d"); a.getMap("m").set("x", -1.25); return Y.encodeStateAsUpdate(a); },
  "update v2": () => { const [a] = pair(); a.getText("t").insert(0, "abc"); a.getArray("a").push([1, 2, 3]); return Y.encodeStateAsUpdateV2(a); },
  "merge diff": () => { const ups = []; const [a] = pair(); a.on("update", (u) => ups.push(u)); for (const c of "abc") a.getText("t").insert(0, c); const m = Y.mergeUpdates(ups); return [m, Y.diffUpdate(m, Y.encodeStateVectorFromUpdate(ups[0])), Y.decodeUpdate(m).structs.length]; },
  "undo": () => { const [a] = pair(); const t = a.getText("t"); const u = new Y.UndoManager(t, { captureTimeout: 0 }); t.insert(0, "one"); u.stopCapturing(); t.insert(3, "two"); u.undo(); const x = t.toString(); u.redo(); return [x, t.toString(), u.undoStack.length]; },
  "events": () => { const [a] = pair(); const seen = []; a.getMap("m").observeDeep((es) => seen.push(es.map((e) => [e.path, [...e.changes.keys]]))); a.transact(() => { a.getMap("m").set("x", 1); a.getMap("m").set("y", new Y.Array()); }, "me"); a.getMap("m").get("y").push([1]); return JSON.stringify(seen); },
  "relative position": () => { const [a] = pair(); const t = a.getText("t"); t.insert(0, "abcdef"); const p = Y.createRelativePositionFromTypeIndex(t, 3); t.insert(0, "__"); return [JSON.stringify(p), Y.createAbsolutePositionFromRelativePosition(p, a).index]; },
  "snapshot": () => { const d = new Y.Doc({ gc: false }); d.clientID = 1; d.getText("t").insert(0, "first"); const s = Y.snapshot(d); d.getText("t").delete(0, 5); return [Y.createDocFromSnapshot(d, s).getText("t").toString(), Y.encodeSnapshot(s)]; },
  "many edits": () => { const [a, b] = pair(); let seed = 1; const rnd = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n; for (let i = 0; i < 300; i++) { const d = i % 2 ? a : b, t = d.getText("t"); if (rnd(3) && t.length) t.delete(rnd(t.length), 1); else t.insert(rnd(t.length + 1), String.fromCharCode(97 + rnd(26)) + "xy"); if (i % 37 === 0) sync(a, b); } sync(a, b); return [a.getText("t").toString() === b.getText("t").toString(), a.getText("t").toString()]; },
  "awareness-like json": () => { const [a] = pair(); a.getMap("m").set("s", "\u2028\u0000"); return JSON.stringify(a.toJSON()); },
  "subdocs": () => { const [a] = pair(); const s = new Y.Doc({ guid: "g" }); a.getMap("m").set("d", s); return [...a.getSubdocGuids()]; },
});
