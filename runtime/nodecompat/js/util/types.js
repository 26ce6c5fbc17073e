const { isArgumentsObject, isDate, isRegExp, isNativeError, isArrayBuffer, isPromise, isProxy } = native.types;

// branded tells whether a built-in method that insists on its kind takes v.
function branded(f, ...args) {
  return (v) => {
    if (v === null || typeof v !== "object" || isProxy(v)) return false;
    try {
      f.call(v, ...args);
      return true;
    } catch {
      return false;
    }
  };
}
const getter = (C, name) => Object.getOwnPropertyDescriptor(C.prototype, name).get;

const isMap = branded(getter(Map, "size")), isSet = branded(getter(Set, "size"));
const isWeakMap = branded(WeakMap.prototype.has, {}), isWeakSet = branded(WeakSet.prototype.has, {});
const tag = (name) => (v) => v !== null && typeof v === "object" && !isProxy(v) && Object.prototype.toString.call(v) === `[object ${name}]`;
const isBooleanObject = branded(Boolean.prototype.valueOf), isNumberObject = branded(Number.prototype.valueOf);
const isStringObject = branded(String.prototype.valueOf), isSymbolObject = branded(Symbol.prototype.valueOf), isBigIntObject = branded(BigInt.prototype.valueOf);
const generator = tag("Generator"), isFunctionTag = (name) => (v) => typeof v === "function" && Object.prototype.toString.call(v) === `[object ${name}]`;

const typedName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
const typed = (name) => (v) => ArrayBuffer.isView(v) && typedName.call(v) === name;
const isArrayBufferView = ArrayBuffer.isView;
const isSharedArrayBuffer = tag("SharedArrayBuffer");

const types = {
  isExternal: () => false,
  isDate, isArgumentsObject, isBigIntObject, isBooleanObject, isNumberObject, isStringObject, isSymbolObject,
  isBoxedPrimitive: (v) => isNumberObject(v) || isStringObject(v) || isBooleanObject(v) || isBigIntObject(v) || isSymbolObject(v),
  isNativeError, isRegExp,
  isAsyncFunction: (v) => isFunctionTag("AsyncFunction")(v) || isFunctionTag("AsyncGeneratorFunction")(v),
  isGeneratorFunction: (v) => isFunctionTag("GeneratorFunction")(v) || isFunctionTag("AsyncGeneratorFunction")(v),
  isGeneratorObject: (v) => generator(v) || tag("AsyncGenerator")(v),
  isPromise, isMap, isSet, isMapIterator: tag("Map Iterator"), isSetIterator: tag("Set Iterator"), isWeakMap, isWeakSet,
  isArrayBuffer, isDataView: branded(getter(DataView, "byteLength")), isSharedArrayBuffer, isProxy,
  isModuleNamespaceObject: tag("Module"),
  isAnyArrayBuffer: (v) => isArrayBuffer(v) || isSharedArrayBuffer(v),
};
for (const [name, f] of Object.entries(types)) {
  types[name] = Object.defineProperty((v) => f(v), "name", { value: `bound ${name}` });
  Object.defineProperty(types[name], "length", { value: 0 });
}
types.isArrayBufferView = Object.defineProperty((...a) => isArrayBufferView(a[0]), "name", { value: "bound isArrayBufferView" });
types.isTypedArray = (...a) => isArrayBufferView(a[0]) && typedName.call(a[0]) !== undefined;
for (const kind of ["Uint8Array", "Uint8ClampedArray", "Uint16Array", "Uint32Array", "Int8Array", "Int16Array", "Int32Array", "Float16Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"]) {
  const is = typed(kind);
  types[`is${kind}`] = Object.defineProperty((...a) => is(a[0]), "name", { value: `bound is${kind}` });
}
types.isKeyObject = function isKeyObject(v) { return v instanceof require("crypto").KeyObject; };
types.isCryptoKey = function isCryptoKey(v) { return v instanceof CryptoKey; };

module.exports = types;
