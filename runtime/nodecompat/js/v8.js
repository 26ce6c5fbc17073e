const { codes, notImplemented, notImplementedClass, validateFunction, validateNumber, validateString } = require("internal/errors");

const zeros = (names) => Object.fromEntries(names.split(" ").map((n) => [n, 0]));
class GCProfiler {
  start() {}
  stop() {}
  [Symbol.dispose]() {}
}
const Serializer = notImplementedClass("Serializer", "_getDataCloneError _getSharedArrayBufferId _setTreatArrayBufferViewsAsHostObjects _writeHostObject releaseBuffer transferArrayBuffer writeDouble writeHeader writeRawBytes writeUint32 writeUint64 writeValue");
const Deserializer = notImplementedClass("Deserializer", "_readHostObject getWireFormatVersion readDouble readHeader readRawBytes readUint32 readUint64 readValue transferArrayBuffer", 1);
class DefaultSerializer extends Serializer {}
class DefaultDeserializer extends Deserializer {
  constructor(buffer) { super(buffer); }
}

module.exports = {
  DefaultDeserializer, DefaultSerializer, Deserializer, GCProfiler, Serializer, cachedDataVersionTag() { return 0; }, deserialize: notImplemented("deserialize", 1),
  getCppHeapStatistics() { return { committed_size_bytes: 0, resident_size_bytes: 0, used_size_bytes: 0, space_statistics: [], type_names: [], detail_level: "detailed" }; },
  getHeapCodeStatistics() { return zeros("code_and_metadata_size bytecode_and_metadata_size external_script_source_size cpu_profiler_metadata_size"); },
  getHeapSnapshot: notImplemented("getHeapSnapshot"), getHeapSpaceStatistics() { return []; },
  getHeapStatistics() {
    return zeros("total_heap_size total_heap_size_executable total_physical_size total_available_size used_heap_size heap_size_limit malloced_memory peak_malloced_memory does_zap_garbage number_of_native_contexts number_of_detached_contexts total_global_handles_size used_global_handles_size external_memory");
  },
  isStringOneByteRepresentation(content) { validateString(content, "content"); return !/[^\u0000-\u00ff]/.test(content); },
  promiseHooks: { createHook() {}, onAfter() {}, onBefore() {}, onInit() {}, onSettled() {} },
  queryObjects(constructor) { validateFunction(constructor, "constructor"); throw codes.ERR_METHOD_NOT_IMPLEMENTED("queryObjects"); },
  serialize: notImplemented("serialize", 1), setFlagsFromString(flags) { validateString(flags, "flags"); },
  setHeapSnapshotNearHeapLimit(limit) { validateNumber(limit, "limit"); },
  startupSnapshot: { addDeserializeCallback() {}, addSerializeCallback() {}, setDeserializeMainFunction() {}, isBuildingSnapshot() { return false; } },
  stopCoverage: notImplemented("stopCoverage"), takeCoverage: notImplemented("takeCoverage"), writeHeapSnapshot: notImplemented("writeHeapSnapshot", 1),
};
