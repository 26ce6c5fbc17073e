import { env, fetchMock, SELF } from "cloudflare:test";

it("has tables, variables and definitions of the configuration", async () => {
  expect(globalThis.order).toEqual(["first", "migrate"]);
  await env.DB.prepare("INSERT INTO notes (title, body) VALUES ('a', 'two words; or more')").run();
  expect(await (await SELF.fetch("https://example.com/")).json()).toEqual({
    greeting: "hello", stage: "staging", limit: 7, results: [{ title: "a", words: 4 }],
  });
  expect(env.TEST_MIGRATIONS.map((m) => [m.name, m.queries.length])).toEqual([["0001_notes.sql", 2], ["0002_count.sql", 1]]);
});

it("has stores of the configuration", async () => {
  await env.CACHE.put("k", "v");
  await env.STORE.put("k", "v");
  expect([await env.CACHE.get("k"), (await env.STORE.head("k")).size]).toEqual(["v", 1]);
});

it("asks functions of the configuration", async () => {
  expect(await (await fetch("https://elsewhere.example/x")).text()).toBe("outside https://elsewhere.example/x");
  expect(await (await env.ECHO.fetch("https://echo.example/", { method: "POST", body: "hello" })).text()).toBe("echo POST hello");
  fetchMock.activate();
  fetchMock.get("https://elsewhere.example").intercept({ path: "/y" }).reply(200, "mocked");
  expect(await (await fetch("https://elsewhere.example/y")).text()).toBe("mocked");
  expect(await (await fetch("https://elsewhere.example/z")).text()).toBe("outside https://elsewhere.example/z");
  fetchMock.deactivate();
});

it("has the further workers of the configuration", async () => {
  expect(await (await env.AUX.fetch("https://aux.example/")).text()).toBe("aux kept");
});

it("begins with what the setup file left", async () => {
  expect(await env.DB.prepare("SELECT count(*) AS n FROM notes").first("n")).toBe(0);
});
