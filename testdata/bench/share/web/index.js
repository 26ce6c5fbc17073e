const text = { headers: { "content-type": "text/plain" } };

// document is about 10 KB of JSON, made anew for each request.
function document() {
  const items = [];
  for (let i = 0; i < 64; i++) {
    items.push({
      id: i,
      name: `item ${i}`,
      description: "A line of text long enough to look like the description of something.",
      tags: ["alpha", "beta", "gamma"],
      price: i * 1.25,
    });
  }
  return { generated: "now", items };
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case "/api/hello":
        return new Response("Hello World!", text);
      case "/api/json":
        return Response.json(document());
    }
    return env.SESSIONS.fetch(request);
  },
};
