// Work that is all JavaScript.

const ascii = "abcdefghijklmnopqrstuvwxyz0123456789".repeat(30);
const fibonacci = (n) => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));

// numbers is a fixed sequence of pseudo-random ones.
function numbers(count) {
  const out = [];
  for (let i = 0, x = 42; i < count; i++) out.push((x = (x * 1103515245 + 12345) % 2147483648));
  return out;
}

export const kernels = {
  "fibonacci(20)": () => fibonacci(20),
  "loop, 100,000 integers": () => { let n = 0; for (let i = 0; i < 100000; i++) n = (n + i * 3) & 0xffff; return n; },
  "sieve of primes below 20,000": () => {
    const composite = new Uint8Array(20000);
    let count = 0;
    for (let i = 2; i < composite.length; i++) {
      if (composite[i]) continue;
      count++;
      for (let j = i * i; j < composite.length; j += i) composite[j] = 1;
    }
    return count;
  },
  "sort 5,000 numbers": () => numbers(5000).sort((a, b) => a - b)[10],
  "sort 1,000 objects by name": () => numbers(1000).map((n) => ({ name: "n" + n })).sort((a, b) => (a.name < b.name ? -1 : 1))[0].name.length,
  "Map, 5,000 set and get": () => {
    const map = new Map();
    for (let i = 0; i < 5000; i++) map.set("key" + (i % 700), i);
    let n = 0;
    for (let i = 0; i < 5000; i++) n += map.get("key" + (i % 700));
    return n;
  },
  "array map, filter, reduce, 5,000": () => numbers(5000).map((x) => x % 1000).filter((x) => x > 500).reduce((a, b) => a + b, 0),
  "objects and spread, 1,000": () => {
    let n = 0;
    for (let i = 0; i < 1000; i++) {
      const { id, ...rest } = { id: i, a: 1, b: "two", ...{ c: i } };
      n += id + rest.c;
    }
    return n;
  },
  "class with private fields, 1,000": () => {
    class Counter { #n = 0; add(x) { this.#n += x; return this; } get value() { return this.#n; } }
    const c = new Counter();
    for (let i = 0; i < 1000; i++) c.add(i);
    return c.value;
  },
  "string +=, 1,000 pieces": () => { let s = ""; for (let i = 0; i < 1000; i++) s += "piece " + i + "\n"; return s.length; },
  "template and join, 1,000 rows": () => { const out = []; for (let i = 0; i < 1000; i++) out.push(`<li>${i}</li>`); return out.join("").length; },
  "split, trim, join": () => ascii.split("a").map((s) => s.trim().toUpperCase()).join("-").length,
  "charCodeAt hash, 1 KB": () => { let h = 0; for (let i = 0; i < ascii.length; i++) h = (h * 31 + ascii.charCodeAt(i)) | 0; return h; },
  "regular expression, replace": () => ascii.replace(/[a-f]+(\d)/g, "<$1>").length,
  "regular expression, exec": () => { const m = /^(\w+)-(\d{4})-(\d\d)$/.exec("release-2026-09"); return m[1].length + Number(m[2]); },
  "escape HTML by replace": () => `name <${ascii}> & "co"`.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]).length,
  "generator, 1,000": () => { let n = 0; for (const x of (function* () { for (let i = 0; i < 1000; i++) yield i; })()) n += x; return n; },
  "BigInt factorial of 100": () => { let f = 1n; for (let i = 1n; i <= 100n; i++) f *= i; return f.toString().length; },
  "try and catch, 100": () => { let n = 0; for (let i = 0; i < 100; i++) try { throw new Error("x"); } catch { n++; } return n; },
};
