(() => {
  const roots = ["Object","Function","Array","Number","Boolean","String","Symbol","Date","Promise","RegExp","Error","AggregateError","EvalError","RangeError","ReferenceError","SyntaxError","TypeError","URIError","SuppressedError","DisposableStack","AsyncDisposableStack","JSON","Math","Intl","ArrayBuffer","SharedArrayBuffer","Atomics","Uint8Array","Int8Array","Uint16Array","Int16Array","Uint32Array","Int32Array","Float16Array","Float32Array","Float64Array","Uint8ClampedArray","BigUint64Array","BigInt64Array","DataView","Map","Set","WeakMap","WeakSet","WeakRef","FinalizationRegistry","BigInt","Proxy","Reflect","Iterator","Temporal","ShadowRealm","globalThis","parseInt","parseFloat","isNaN","isFinite","decodeURI","decodeURIComponent","encodeURI","encodeURIComponent","escape","unescape","eval","undefined","NaN","Infinity","structuredClone","WebAssembly"];
  const out = [];
  const seen = new Map();
  const keyOf = k => typeof k === "symbol" ? "[" + k.description + "]" : k;
  function walk(o, path, depth) {
    if (seen.has(o)) return; seen.set(o, path);
    if (depth > 5) return;
    for (const k of Reflect.ownKeys(o)) {
      if (typeof k === "symbol" && !String(k.description).startsWith("Symbol.")) continue;
      const p = path + (typeof k === "symbol" ? keyOf(k) : "." + k);
      let d; try { d = Object.getOwnPropertyDescriptor(o, k); } catch { continue; }
      if (!d) continue;
      if (k === "name" || k === "length") if (typeof o === "function") continue;
      const attrs = (d.writable ? "w" : "") + (d.enumerable ? "e" : "") + (d.configurable ? "c" : "");
      const fn = f => f === undefined ? "-" : JSON.stringify(f.name) + "/" + f.length;
      let v = d.value;
      if ("get" in d) { out.push(p + " accessor " + attrs + " " + fn(d.get) + " " + fn(d.set)); continue; }
      let t = typeof v;
      if (t === "function") { out.push(p + " function " + attrs + " " + fn(v)); walk(v, p, depth + 1); }
      else if (t === "object" && v !== null) { out.push(p + " object " + attrs); walk(v, p, depth + 1); }
      else if (t === "symbol") out.push(p + " symbol " + attrs + " " + v.description);
      else out.push(p + " " + t + " " + attrs + (p.startsWith("RegExp.") || p.startsWith("globalThis") ? "" : " " + String(v)));
    }
  }
  for (const r of roots) {
    void globalThis[r]; // makes lazy ones ordinary
    if (r === "Intl") for (const k of Reflect.ownKeys(Intl)) void Intl[k];
    const d = Object.getOwnPropertyDescriptor(globalThis, r);
    if (!d) continue;
    const v = globalThis[r];
    const attrs = (d.writable ? "w" : "") + (d.enumerable ? "e" : "") + (d.configurable ? "c" : "");
    out.push(r + " " + typeof v + (("get" in d) ? "" : " " + attrs) + (typeof v === "function" ? " " + JSON.stringify(v.name) + "/" + v.length : ""));
    if (r === "globalThis") continue;
    if (typeof v === "function" || typeof v === "object" && v) walk(v, r, 0);
  }
  const proto = Object.getPrototypeOf;
  const hidden = {
    "%TypedArray%": proto(Uint8Array), "%ArrayIteratorPrototype%": proto([][Symbol.iterator]()), "%MapIteratorPrototype%": proto(new Map().entries()),
    "%SetIteratorPrototype%": proto(new Set().entries()), "%StringIteratorPrototype%": proto(""[Symbol.iterator]()),
    "%RegExpStringIteratorPrototype%": proto("a".matchAll(/a/g)), "%GeneratorPrototype%": proto(function*(){}.prototype), "%GeneratorFunction%": proto(function*(){}).constructor,
    "%AsyncFunction%": proto(async()=>{}).constructor,
  };
  try { hidden["%IteratorPrototype%"] = proto(hidden["%ArrayIteratorPrototype%"]); } catch {}
  try { hidden["%IteratorHelperPrototype%"] = proto(Iterator.from([]).map(x => x)); hidden["%WrapForValidIteratorPrototype%"] = proto(Iterator.from({next(){}})); } catch {}
  for (const k in hidden) walk(hidden[k], k, 1);
  return out.join("\n") + "\n";
})()
