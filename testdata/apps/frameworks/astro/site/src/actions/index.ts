import { defineAction } from "astro:actions";
import { z } from "astro/zod";
export const server = { add: defineAction({ input: z.object({ a: z.number(), b: z.number() }), handler: async ({ a, b }) => ({ sum: a + b }) }) };
