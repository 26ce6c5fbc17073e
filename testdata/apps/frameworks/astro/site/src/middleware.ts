import { defineMiddleware } from "astro:middleware";
export const onRequest = defineMiddleware(async (context, next) => { (context.locals as any).from = "middleware"; const r = await next(); r.headers.set("x-mw", "1"); return r; });
