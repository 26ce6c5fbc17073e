// Small helpers: nanoid, uuid, aws4fetch, @tsndr/cloudflare-worker-jwt, htm, superjson.
import { nanoid, customAlphabet, customRandom, urlAlphabet } from "nanoid";
import { nanoid as insecure } from "nanoid/non-secure";
import * as uuid from "uuid";
import { AwsClient, AwsV4Signer } from "aws4fetch";
import jwt from "@tsndr/cloudflare-worker-jwt";
import htm from "htm";
import superjson, { SuperJSON } from "superjson";
import { area } from "../../../conformance/probe.js";

const html = htm.bind((type, props, ...children) => ({ type, props, children }));
const aws = { accessKeyId: "AKID", secretAccessKey: "SECRET", datetime: "20200101T000000Z" };
class Point { constructor(x) { this.x = x; } }
superjson.registerClass(Point);
const cyclic = () => { const o = { a: 1 }; o.self = o; return o; };

export default area({
  "nanoid": () => [nanoid().length, /^[\w-]{21}$/.test(nanoid()), new Set(Array.from({ length: 200 }, () => nanoid(8))).size, insecure(5).length, urlAlphabet.length],
  "custom alphabet": () => /^[ab]{40}$/.test(customAlphabet("ab", 40)()),
  "custom random": () => customRandom("abcdef", 10, (n) => new Uint8Array(n).map((_, i) => i * 7))(),
  "uuid v4": () => [uuid.validate(uuid.v4()), uuid.version(uuid.v4()), uuid.v4({ random: new Uint8Array(16).fill(9) })],
  "uuid v3 v5": () => [uuid.v3("name", uuid.v3.URL), uuid.v5("name", uuid.v5.DNS), uuid.v5("é😀", "123e4567-e89b-42d3-a456-426614174000")],
  "uuid v1 v6 v7": () => [uuid.v1({ msecs: 0, nsecs: 1, clockseq: 2, node: [1, 2, 3, 4, 5, 6] }), uuid.v7({ msecs: 1e12, random: new Uint8Array(16).fill(1), seq: 3 }), uuid.v1ToV6("c232ab00-9414-11ec-b3c8-9f6bdeced846"), uuid.version(uuid.v7())],
  "uuid bytes": () => [uuid.parse("123e4567-e89b-42d3-a456-426614174000"), uuid.stringify(new Uint8Array(16)), uuid.NIL, uuid.MAX, uuid.validate("x")],
  "uuid errors": () => { try { uuid.parse("no"); } catch (e) { return e; } },
  "aws sign": async () => { const s = await new AwsV4Signer({ ...aws, url: "https://b.s3.eu-west-1.amazonaws.com/a key/é?x=1&a=b%20c", method: "PUT", body: "hello", headers: { "x-amz-meta-a": " b  c " } }).sign(); return [s.method, String(s.url), [...s.headers].join("; ")]; },
  "aws query": async () => { const s = await new AwsV4Signer({ ...aws, url: "https://sqs.us-east-1.amazonaws.com/?Action=List", signQuery: true, sessionToken: "tok/+=" }).sign(); return String(s.url); },
  "aws request": async () => { const r = await new AwsClient({ ...aws, service: "lambda", region: "us-west-2" }).sign("https://lambda.us-west-2.amazonaws.com/f", { method: "POST", body: JSON.stringify({ a: 1 }), aws: { datetime: aws.datetime } }); return [r.method, r.headers.get("authorization"), await r.text()]; },
  "aws r2": async () => { const s = new AwsV4Signer({ ...aws, url: "https://acct.r2.cloudflarestorage.com/bucket/k" }); return [s.service, s.region, await s.authHeader()]; },
  "jwt": async () => { const t = await jwt.sign({ sub: "a", iat: 1 }, "key"); return [t, (await jwt.verify(t, "key"))?.payload ?? (await jwt.verify(t, "key")), jwt.decode(t)]; },
  "jwt wrong": async () => { const t = await jwt.sign({ sub: "a", exp: 1, iat: 1 }, "key"); const out = [await jwt.verify(t, "other")]; try { out.push(await jwt.verify(t, "key", { throwError: true })); } catch (e) { out.push(String(e)); } return out; },
  "jwt es": async () => { const k = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]); const t = await jwt.sign({ a: 1, iat: 1 }, await crypto.subtle.exportKey("jwk", k.privateKey), { algorithm: "ES256" }); return !!(await jwt.verify(t, await crypto.subtle.exportKey("jwk", k.publicKey), { algorithm: "ES256" })); },
  "htm": () => JSON.stringify(html`<div id=${1} ...${{ a: 2 }} class="x ${"y"}" flag><${Point} n=${[1]} />text ${"v"}<//><!-- c --><br/>`),
  "superjson": () => JSON.stringify(superjson.serialize({ d: new Date(0), m: new Map([["a", new Set([1n])]]), u: undefined, r: /a/gi, n: NaN, i: -Infinity, z: -0, url: new URL("https://x.example/"), e: new TypeError("t"), p: new Point(3), b: new Uint8Array([1]), c: cyclic() })),
  "superjson back": () => { const v = superjson.parse(superjson.stringify({ d: new Date(5), m: new Map([[{ k: 1 }, new Set(["x"])]]), u: undefined, r: /a/gi, n: NaN, z: -0, e: new RangeError("t"), p: new Point(3), f: new Float32Array([1.5]), c: cyclic(), "a.b": 1 })); return [+v.d, [...v.m][0][0].k, "u" in v, v.r.flags, v.n, Object.is(v.z, -0), v.e.name, v.e instanceof Error, v.p instanceof Point, v.f[0], v.c.self === v.c, v["a.b"]]; },
  "superjson custom": () => { const s = new SuperJSON({ dedupe: true }); s.registerCustom({ isApplicable: (v) => v instanceof Headers, serialize: (h) => [...h], deserialize: (a) => new Headers(a) }, "headers"); s.registerSymbol(Symbol.iterator, "it"); const o = { x: 1 }; return s.stringify({ h: new Headers({ a: "b" }), s: Symbol.iterator, o, again: o }); },
});
