import { join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig, defineProject, mergeConfig } from "vitest/config";
import { Response } from "miniflare";
import shared from "./shared";

export default defineConfig(async () => {
  const migrations = await readD1Migrations(join(import.meta.dirname, "migrations"));
  return mergeConfig(shared, defineProject({
    define: { GREETING: JSON.stringify("hello") },
    plugins: [
      cloudflareTest(async () => ({
        wrangler: { configPath: "./wrangler.jsonc", environment: "staging" },
        miniflare: { bindings: { TEST_MIGRATIONS: migrations, LIMIT: 7 }, kvNamespaces: ["CACHE"], r2Buckets: { STORE: "bucket" }, workers: [{ name: "aux", modules: true, scriptPath: "./aux/index.js", compatibilityDate: "2026-01-01", bindings: { WORD: "aux" }, kvNamespaces: ["KEPT"], cachePersist: true }, { name: "gone", scriptPath: "./dist/gone.js" }], serviceBindings: { AUX: "aux", ECHO: async (request) => new Response(`echo ${request.method} ${await request.text()}`) }, outboundService: (request) => new Response("outside " + request.url) },
      })),
    ],
    test: { include: ["spec/*.spec.ts"], setupFiles: ["./spec/migrate.ts"], globals: true, globalSetup: "./other.ts", sequence: { concurrent: true } },
  }));
});
