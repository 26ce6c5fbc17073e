declare const GREETING: string;

export default {
  async fetch(request: Request, env: any) {
    const { results } = await env.DB.prepare("SELECT title, words FROM notes ORDER BY title").all();
    return Response.json({ greeting: GREETING, stage: env.STAGE, limit: env.LIMIT, results });
  },
};
