// What the areas of node: modules share.
import { area, show } from "../probe.js";

/** Makes the worker of an area whose errors carry codes, as those of Node do. */
export function nodeArea(probes) {
  const coded = (f) => async (x) => {
    try {
      return show(await f(x));
    } catch (e) {
      return problem(e);
    }
  };
  return area(Object.fromEntries(Object.entries(probes).map(([name, f]) => [name, coded(f)])));
}

/** Writes an exception with its name and code. */
export const problem = (e) => (e?.code ? `${e.name} ${e.code}: ${e.message}` : `${e?.name}: ${e?.message}`);

/** The results of f for each item, exceptions included. */
export const each = (list, f) => list.map((item) => {
  try {
    return f(item);
  } catch (e) {
    return problem(e);
  }
});

/** Calls a function that takes a callback last. */
export const callback = (f, ...args) => new Promise((resolve, reject) => f(...args, (err, ...v) => (err ? reject(err) : resolve(v.length > 1 ? v : v[0]))));

/** Logs events of an emitter as they come. */
export function events(emitter, names) {
  const log = [];
  for (const n of names) emitter.on(n, (v) => log.push(v === undefined ? n : `${n} ${v?.message ?? v}`));
  return log;
}
