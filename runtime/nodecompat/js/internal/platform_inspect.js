// How inspect shows objects of the platform: maps as maps, other classes with
// what their getters say.
const { isNative } = native.host;

const maps = ["Headers", "URLSearchParams", "FormData"];

function asMap(value, name, options, inspect) {
  const entries = [...value].map(([k, v]) => `${inspect(k, options)} => ${inspect(v, options)}`);
  const head = `${name}(${entries.length}) `;
  if (entries.length === 0) return `${head}{}`;
  const short = `${head}{ ${entries.join(", ")} }`;
  return short.length <= 72 ? short : `${head}{\n  ${entries.join(",\n  ")}\n}`;
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
    if (maps.includes(name)) return asMap(value, name, options, inspect);
    return depth < 0 ? `[${name}]` : asObject(value, name);
  };
};
