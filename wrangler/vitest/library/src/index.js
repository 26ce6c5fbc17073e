// What is embedded: Vitest's public module and, under names that begin with
// two underscores, what the host calls.
import "./symbols.js";
import "./timers.js";
export * from "vitest";
export { run as __run } from "./runner.js";
