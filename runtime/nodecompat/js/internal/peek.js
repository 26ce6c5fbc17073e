// What inspect sees of values that JavaScript cannot look into.
const { settled, proxyParts, remaining } = native.types;

module.exports = {
  settled,
  proxyDetails(value, both) {
    const parts = proxyParts(value);
    return both || parts === undefined ? parts : parts[0];
  },
  // The entries of weak collections are not known to the engine either.
  previewEntries(value, isIterator) {
    const [items, pairs] = remaining(value) ?? [[], false];
    return isIterator ? [items, pairs] : items;
  },
};
