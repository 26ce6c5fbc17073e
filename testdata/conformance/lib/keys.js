// Fixed keys, and what the crypto areas do with them.

export const rsa = {kty: "RSA", n: "1VcMf26c29ONwKSgW8TAk5TR_6-JVXv1gM706LuuNscu7mZsT1iOD14eDtKQNYXtoZYo4IGgNihb9PgUivQFzUdfvnXKsIzAJFt-Ghl_4pCs6jCU31BIELW1YqeYEj-ssuBLdE5e1tB8CfJzttGPGKE5TzNFObBYgANbu1CKsfVHYow8p28Zp6Y4VCXoRzp8v3SViJESDg2GCsiW_jSezNOQOSYmcKLPcXsxcrj_96k9ne720HiAcgrgr78snZ8mJW9eh2FAdzX8hQeuWfCFpK59cqMDMKJgwSbFxGP21nyczbwiq7Q15Gpjfb_YFJxHHS_EhYxK4PuMvS09vjXGYw", e: "AQAB", d: "Rs6K89qLDjzjTd516K9fOTxKDKI-oxQu0e8egwYTltO6JF7zMMyT7c7PjBzfxxvp2FklvQnY2lC_4IjcDJhcOpsnUGf4-2rjtM13B4OSGejpsxqntoyHNqCQkKtOQjRHBeGCuZnvST3OBWEmfbWE2GheRIagQbrhTK-QqRVcyx4hy9sZXbk6x20pABdjkBLsXxp7U8_imUYn3-rnmMHPKQLLqlu4SZW56UgT8xHIg04dIUK_D78YVsFxkfU-afzs9PZesALTkldzRdrWii8h7H9W7HfjrfR0Ad2iJ8iOzzNueTzyas_QGcPNtqvc79viiIYMFg9oeI59IIdNQEXECQ", p: "7N-O7NHZOjSlYrgnNKgI1nGYn-zKsvymfdF--62zmZlOlu_djm0Kwg7RLzR2hI3kTUiRTuKNY3xlTfOxXpnvHICTGN2YCEFzHfmVWzsTOAcyLul5cwwfuUUsFHJNduwwQHB3z78GrRe05dCq_soUpc_5d-q8tsZT1EJOyoO7pFk", q: "5pEIEP6EmHF00N0Fia0ukpWYR-VgqwBsGNjYuKREaM0UdooNKDg_6Xon33OPZL0SKHBvy2hz4hjedM5wlINDTT4HN29_lX3UjSUF3aynMswbSBUkjC8f7YmNsmeHb9LT1E2k4iLg8Ze0_zKUaj1AD-2h9ShUtmf63lv4L7B82Rs", dp: "nNKhsH56YAPM3x_mrQD24OrSTkcaKAgHPlN9y6jDuFR8aIej2pCsx6_BpIwKT1YVqWj68wwg6ZXJCCPn8Sbe3LLvME49QnH6ggTkckMZRUXWXqKqipWjRyjZtyu5x5s1kuQjHoJtLBn-5QwSuZ8WrnSTyGW7zRJfG69OtNskVvk", dq: "2v-84q9t8IIri8uz296UEwVmfDvCQwqGol8uEstscwMAQcvEzYQIKNMvlk3kULJJ0gFiHpmbIJGwktAXHOlE_tRA9IXCcJLxVhNpa_H3agd2jlQOv9xu_ieeYGt3uF5PeCM7ztOER9VqRM-dKv_8nmR_ZiYluJAxOA2xQlLncys", qi: "pZu2vTglgU6wDsKxA5tQNInLcPW4vUMABzASGTBzm5k5Pv56sJLA09ThmtbOQGuFE7bhIq5Hjmqpwb0Opq1bW_f_N31Fe_qHSx6T90u_DKeIisFT4HTvf41IX91iKVp5zZHfuCuMk02anMmEazOJXzXc_p5qTIvw9l-qgAtsjqk"};
export const rsa3 = {kty: "RSA", n: "yR_5cGvkdPqSWqWyoXE-FC5nPMLbVPkQkcR9pJh3AyiVSqnkvu67I3c1c41O9YXOtfI859MtZpemPKvt69bIfxi74CFar22YTI2LmZpyKItCuaQ0geodmLxdRqw2GYzrNbNhinL9SCA8x46V8li6m3wmlZFYumX6lVOkBgDqvT8", e: "Aw", d: "hhVQ9Z1C-KcMPG53Fkt-uB7vfdc841C1toL-bbr6AhsOMcaYf0nSF6TOTQjfTlk0eUwomozI7w_EKHKenTna_jVurXJQMLCO8moPCKf_pfd_Tllbl1NkHw7-jA0o-B8_ZgeMNUGON_GrBq1VJRAXue1P9QfTZz3Kzq2rRP3kl7s", p: "_WJVr0FGowv-nIVe9T63A_fa5XHlrTcynqUPImhoJLnjmm7EcsbVxXrZPUF89DH-ZAQjFAmLxNdc4SNkHRzN3Q", q: "yzOGRqEfwbXiUe-tqTP4lAvpOLk5P9A3hzpldhA9OVI5DaB2HeEecEFkTVS9zGUGNCqC8ZITxHMCbf-6ZvcLyw", dp: "qOw5H4DZwgf_EwOUo38krU_nQ6FDyM93FG4KFvBFbdFCZvSC9y85LlHmKNZTTXapmALCDVuygzo962ztaL3ekw", dq: "h3eu2cC_1nlBi_UecM1QYrKbeyYmKorPr3xDpArTe4wmCRWkE-tpoCuYM43T3ZiuzXGsoQwNLaIBnqp8RKSyhw", qi: "If9yGIG1gAnoVMK9OvcO9Csp57dhrUZFjCOq633dVT_dZC6Obuw7xmiBSqhPe_vhynR7vKKqX5uaXcI5johu3A"};
export const rsa512 = {kty: "RSA", n: "wQbva1PVkAw5OFoTJGnbhn2e-e-K1jO8g66qgeGOCpJPacI12OlSfsrieHARMKlRv4DJ1evehS0iOexe6-9HCQ", e: "AQAB", d: "HsdOUdzSRt_MF_I07y95854ARXYuuy0QuCaXxZIDpiebB5mxifXbmWO71tjpEnfYRuR9wC2tYv7amqVZsC8NIQ", p: "9ZaDJHAl1K86BMK7D8ytoMp10eGRh8ufgwmzsMuBbt0", q: "yTX0OXJhqKar1RKI3Nr4V2A5vkVOly-gM2lAwZbVGB0", dp: "Zxx2m0nq2E1p0q3f1FZfX-8hYKmQbK91nZLpOwV2ppE", dq: "ENyIntfK_0sYUz6-YWOoNApITH2aXGkNT8GeP5rYOLE", qi: "fuIaoGLLdxzT6vi9ttE3jJxZUvoH4ZZ-5J93DIsfTVM"};
export const ec = {
  "P-256": [{kty: "EC", x: "Shf7pfNP8_Vte9Z419ClGtP7cPRo2brJuFe7ka_SMKM", y: "6oX_OJAn5GJHWbEqmhhwHx1SzcNltmbOxq8GCeNoiPM", crv: "P-256", d: "Hj10kR4zh1_Up5bxzVIDxTZXyXGOJVN04Zyt1LmOo48"}, {kty: "EC", x: "07-tyM1MKAvyRj75MdhSkasQG2qHYKLwXAstRrB3G0Y", y: "y9vNy4rDPNsKrhVQ80bhVtVsjA6L_sLxibMErEpnpMI", crv: "P-256", d: "mkc0viIp16_JBb0u6VHeKvqRro13bC3gqq_qwhPOvUs"}],
  "P-384": [{kty: "EC", x: "9HvpZTEQos--pIKdENOkuvSTn7LjZVNzIQqZ0JjBxKnAtxZvs7osziQ-weVBa4MH", y: "B07JnS1zQjtO1uD8UNsrLy1oswNCDTo7uPh2dgvCvU7RLgQWrBwG5E2fJNMnOKyp", crv: "P-384", d: "5jRL2EBDRB_qD3Gg9F53s-Z-i1xugLblH4IaFI8XIA1I8P-vMYfgUI2SB1P0Zni0"}, {kty: "EC", x: "4xsODiULbZKVbjJM33wXggqV_PG8bEyMjiFs1JjUD_q855qcqlD7AmJ2lC860AGp", y: "Edc020n3E7o7UgdE7k70dHjGHKEIdhWCmgmW7sa2wi3w6TIP-6zJvTmqb9xVGonP", crv: "P-384", d: "WSz2wFyTL32FFIIsd6Gc1Wvdka4gN_eiFbdiVd7m9jxc3TnDrs57DZN6hlOmmDvU"}],
  "P-521": [{kty: "EC", x: "AR8k6cOSqZK-oQn1TT8cJ04i59qXiRAYf7eW92uztqAhkJp-EmYZCHWyj36Yv41l8x8lwnkhRgkegRrfj57hdfZP", y: "AaHB_LQhC6TItAycuA6r24NzJL3Q24Xj_GoTvZSufTuqLsegFdT5UNrtT1vRl97UW2yhVa2TyXKo9daQW9Lb90RA", crv: "P-521", d: "AHp2U8RUfczYrQLEgyOfCFYDAMmAzH0u_sLnAwrUuikGNC3xrfLH2elng2OPrZVZG674R2KT5ZytvzE9m8BShw0B"}, {kty: "EC", x: "AJPF7mnV33hrRAwOGxdj_cTro7ORmlk7VcZOLMCcszuHgxQGhhHbSJsdiQCgqB02DX-jqN9DQmzKjppBtDoA6tVd", y: "AJ1KSfagoVFSXYjmtoBscVhv9GUX_6_gSRBLgN5jKwLPz5xFOxSx8XuSEBmIcUXZxT5Bd94zN7IkYJ4vlaUopcQp", crv: "P-521", d: "AZ8RN0qD610-hdA0S2Wt00zOryLtvaGTfuQUumkIssiugeSNyvZHl86eng32BfUsARPkU4TU2RXN22szy6d-BBai"}],
};
export const ed = [{crv: "Ed25519", d: "dAyv4d7kKBMQposf2sxVA0ldAYyoQLQlU3_5rtypFoA", x: "CNcZ5Rp6Uj0RQxkUEZoZ283AZvaPUjhgQ8bcj8IKcJs", kty: "OKP"}, {crv: "Ed25519", d: "h9vIoQvSwnMSV1Etvp-cmMB26BsGN8qHfpD8TVNYfKg", x: "eeXiaivs5WeBYnkeJ7_-sk8dQy_HaVRC36vAPKkMP_8", kty: "OKP"}];
export const x = [{crv: "X25519", d: "oN_Q8rdOA2H_U2jD3sC7xyzqbaP-uyomnywA5vxIYmE", x: "8Sl8pBZPFnK9y9hlIyvZMVmK9miA672Q6ipE1V_Dhlc", kty: "OKP"}, {crv: "X25519", d: "kH3ghmYiYE0VJII22X9JIpVZPIr0A007teV75ktX3WA", x: "LCP814C2LD6oi9A88OMxebQSRQ0V--JsyjqvD9i0ZkE", kty: "OKP"}];

const s = crypto.subtle;
export const bytes = (n, from = 1) => Uint8Array.from({ length: n }, (_, i) => from + i);
export const data = new TextEncoder().encode("hello");
export const hex = (b) => [...new Uint8Array(b)].map((c) => c.toString(16).padStart(2, "0")).join("");
export const sum = async (b) => `${b.byteLength} bytes ${hex(await s.digest("SHA-256", b)).slice(0, 16)}`;
export const open = ({ kty, n, e, x, y, crv }) => Object.fromEntries(Object.entries({ kty, n, e, x, y, crv }).filter(([, v]) => v !== undefined));
export const about = (k) => [k.type, k.extractable, k.usages, k.algorithm];

// Every algorithm with a key of its own: [algorithm, private usages, public usages, key, another key].
export const h = { hash: "SHA-256" };
export const algorithms = [
  [{ name: "RSASSA-PKCS1-v1_5", ...h }, ["sign"], ["verify"], rsa, rsa3],
  [{ name: "RSA-PSS", ...h }, ["sign"], ["verify"], rsa, rsa3],
  [{ name: "RSA-OAEP", ...h }, ["decrypt", "unwrapKey"], ["encrypt", "wrapKey"], rsa, rsa3],
  ...Object.entries(ec).flatMap(([namedCurve, [a, b]]) => [
    [{ name: "ECDSA", namedCurve }, ["sign"], ["verify"], a, b],
    [{ name: "ECDH", namedCurve }, ["deriveKey", "deriveBits"], [], a, b],
  ]),
  [{ name: "Ed25519" }, ["sign"], ["verify"], ed[0], ed[1]],
  [{ name: "NODE-ED25519", namedCurve: "NODE-ED25519" }, ["sign"], ["verify"], ed[0], ed[1]],
  [{ name: "X25519" }, ["deriveKey", "deriveBits"], [], x[0], x[1]],
];
export const named = (alg) => `${alg.name} ${alg.namedCurve ?? ""}`.trim();
export const priv = ([alg, uses, , jwk], extractable = true) => s.importKey("jwk", jwk, alg, extractable, uses);
export const pub = ([alg, , uses, jwk], extractable = true) => s.importKey("jwk", open(jwk), alg, extractable, uses);
export const find = (name, curve) => algorithms.find(([a]) => a.name === name && (!curve || a.namedCurve === curve));
