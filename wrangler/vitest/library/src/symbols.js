// What the library uses for Object.getOwnPropertySymbols: the slot in which the
// runtime keeps the Go side of its objects is nobody's to print or compare.
const { getOwnPropertySymbols } = globalThis["Object"];
const native = (symbol) => symbol.description === "miniworker.native";

Object.defineProperty(globalThis, "__vitest_symbols__", {
	value: (object) => getOwnPropertySymbols(object).filter((symbol) => !native(symbol)),
});
