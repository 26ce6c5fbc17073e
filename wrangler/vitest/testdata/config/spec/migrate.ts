import { applyD1Migrations, env } from "cloudflare:test";

globalThis.order.push("migrate");
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
