import { env, SELF } from "cloudflare:test";
import { expect, it } from "vitest";

// Each way ends as under Cloudflare's plugin, where the exceptions also count as
// unhandled errors of the run.
for (const [way, fetcher] of Object.entries({ SELF, ME: env.ME, NAMED: env.NAMED })) {
  it.each([
    ["/error", "Error: boom"], ["/odd", "Error: Odd: strange"], ["/type", "TypeError: typed"], ["/text", "Error: text"], ["/dom", "AbortError: gone"],
    ["/nothing", "TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'."],
  ])(`${way} rejects with what the worker threw: %s`, async (path, want) => {
    const error: any = await fetcher.fetch(`https://example.com${path}`).then(() => undefined, (reason: unknown) => reason);
    expect(String(error)).toBe(want);
    expect(error.remote).toBe(true);
    expect(error instanceof DOMException).toBe(path === "/dom");
    expect(await (await fetcher.fetch("https://example.com/")).text()).toBe("ok");
  });
}
