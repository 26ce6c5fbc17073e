export default { fetch: (request, env) => env.BACK.fetch(request) };
