import { test, vi } from "vitest";

test("nested", () => {
  vi.mock("./tax", () => ({}));
});
