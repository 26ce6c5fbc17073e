// How inspect shows objects of the platform: maps as maps, other classes with
// what their getters say.
const { isNative } = native.host;

const maps = ["Headers", "URLSearchParams", "FormData"];

// Deleting what is not there is refused by immutable headers only.
function immutable(headers) {
  try {
    headers.delete("x-inspected");
    return false;
  } catch {
    return true;
  }
}

function asMap(value, name, options, inspect) {
  const items = [...value].map(([k, v]) => `${inspect(k, options)} => ${inspect(v, options)}`);
  const head = `${name}(${items.length}) {`;
  if (name === "Headers") items.push(`[immutable]: ${options.stylize(String(immutable(value)), "boolean")}`);
  if (items.length === 0) return `${head}}`;
  // The room a line has, as inspect counts it.
  const room = options.breakLength - head.length - 2 * items.length - 10;
  const short = items.join(", ");
  if (options.compact !== false && items.join("").length <= room && !short.includes("\n")) return `${head} ${short} }`;
  return `${head}\n  ${items.join(",\n  ")}\n}`;
}

function asObject(value, name) {
  const view = new { [name]: class {} }[name]();
  for (let proto = Object.getPrototypeOf(value); proto && proto !== Object.prototype; proto = Object.getPrototypeOf(proto)) {
    for (const [key, d] of Object.entries(Object.getOwnPropertyDescriptors(proto))) {
      if (!d.get || key in view) continue;
      try {
        view[key] = value[key];
      } catch {
        // a getter that refuses says nothing
      }
    }
  }
  return Object.assign(view, value);
}

module.exports = function (value) {
  if (!isNative(value)) return undefined;
  const name = value[Symbol.toStringTag] ?? value.constructor?.name;
  if (typeof name !== "string") return undefined;
  return (depth, options, inspect) => {
    if (depth < 0) return options.stylize(`[${name}]`, "special");
    return maps.includes(name) ? asMap(value, name, options, inspect) : asObject(value, name);
  };
};
