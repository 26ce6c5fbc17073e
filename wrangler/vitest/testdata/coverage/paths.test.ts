import { expect, it } from "vitest";
import worker from "./index";
import { classify, pick } from "./paths";

it("takes most paths", async () => {
  const response = await worker.fetch(new Request("https://example.com/"));
  expect(await response.text()).toBe("small,first,Ann,3,tf,5,3,later");
});

it("takes others", () => {
  expect(classify(-1)).toBe("none");
  expect(pick("x")).toBe("nothing");
});
