// The members of every global class, one probe each.
import { area, shape } from "./probe.js";

const names = `AbortController AbortSignal Blob Body ByteLengthQueuingStrategy Cache CacheStorage CloseEvent CompressionStream
CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream ErrorEvent Event EventSource EventTarget
ExtendableEvent FetchEvent File FixedLengthStream FormData HTMLRewriter Headers IdentityTransformStream MessageChannel MessageEvent
MessagePort Navigator PromiseRejectionEvent ReadableByteStreamController ReadableStream ReadableStreamBYOBReader
ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader Request Response ScheduledEvent
ServiceWorkerGlobalScope SubtleCrypto TailEvent TextDecoder TextDecoderStream TextEncoder TextEncoderStream TraceEvent
TransformStream TransformStreamDefaultController URL URLPattern URLSearchParams WebSocket WebSocketPair
WebSocketRequestResponsePair WorkerGlobalScope WritableStream WritableStreamDefaultController WritableStreamDefaultWriter`.split(/\s+/);

const probes = {};
for (const n of names) {
  const C = globalThis[n];
  probes[`${n} members`] = () => shape(C.prototype).join("; ");
  probes[`${n} statics`] = () => shape(C).filter((s) => !s.startsWith("prototype")).join("; ");
  probes[`${n} parent`] = () => `${Object.getPrototypeOf(C).name} ${Object.getPrototypeOf(C.prototype)?.constructor.name}`;
  probes[`${n} called`] = () => C();
  probes[`${n} new`] = () => { new C(); return "constructs"; };
  probes[`${n} tag`] = () => Object.prototype.toString.call(C.prototype);
}
for (const [n, o] of Object.entries({ console, crypto, performance, navigator, scheduler, caches, Cloudflare: globalThis.Cloudflare })) {
  probes[`${n} own`] = () => shape(o).join("; ");
  probes[`${n} class`] = () => Object.getPrototypeOf(o) === Object.prototype ? "Object" : `${Object.getPrototypeOf(o).constructor.name}: ${shape(Object.getPrototypeOf(o)).join("; ")}`;
  probes[`${n} tag`] = () => Object.prototype.toString.call(o);
}
for (const [n, o] of Object.entries({
  "Headers iterator": new Headers().entries(), "URLSearchParams iterator": new URLSearchParams().keys(), "FormData iterator": new FormData().values(),
  "ReadableStream iterator": new ReadableStream().values(), "subtle": crypto.subtle,
})) {
  probes[`${n} members`] = () => shape(Object.getPrototypeOf(o)).join("; ");
  probes[`${n} tag`] = () => Object.prototype.toString.call(o);
}
probes["Event instance"] = () => shape(new Event("x")).join("; ");
probes["WebSocketPair instance"] = () => shape(new WebSocketPair()).join("; ");
probes["AbortController instance"] = () => shape(new AbortController()).join("; ");
probes["Response instance"] = () => shape(new Response()).join("; ");
probes["ctx instance"] = ({ ctx }) => shape(ctx).join("; ");
probes["ctx class"] = ({ ctx }) => `${Object.getPrototypeOf(ctx).constructor.name}: ${shape(Object.getPrototypeOf(ctx)).join("; ")}`;
probes["ctx tag"] = ({ ctx }) => Object.prototype.toString.call(ctx);
probes["env class"] = ({ env }) => Object.getPrototypeOf(env) === Object.prototype;

export default area(probes);
