// What one call costs: ?case=NAME&n=TIMES runs it n times and answers with a
// value that depends on all of them, so that nothing is left out.

import { api } from "./api.js";
import { kernels } from "./kernels.js";

const cases = { ...api, ...kernels };

export default {
  async fetch(request) {
    const q = new URL(request.url).searchParams;
    if (!q.has("case")) return Response.json({ api: Object.keys(api), kernels: Object.keys(kernels) });
    const f = cases[q.get("case")];
    let sum = 0;
    for (let i = Number(q.get("n")); i > 0; i--) {
      const value = f();
      sum += typeof value === "number" ? value : await value;
    }
    return new Response(String(sum));
  },
};
