import type { APIRoute } from "astro";
import { env } from "cloudflare:workers";
export const GET: APIRoute = async ({ url }) => Response.json({ keys: (await (env as any).NOTES.list()).keys.map((k: any) => k.name), q: url.searchParams.get("q") });
export const POST: APIRoute = async ({ request }) => { const f = await request.formData(); await (env as any).NOTES.put(String(f.get("id")), String(f.get("text"))); return new Response("kept", { status: 201 }); };
