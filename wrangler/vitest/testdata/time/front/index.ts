export default {
  fetch: (request, env) => env.STORE.fetch(request),
};
