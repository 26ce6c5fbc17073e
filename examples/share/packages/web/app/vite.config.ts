import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

export default defineConfig({
  plugins: [solid()],
  build: {
    // Committed, so that the example runs without Node. scripts/check-spa.sh builds elsewhere and compares.
    outDir: "../dist",
    emptyOutDir: true,
    sourcemap: false,
    modulePreload: { polyfill: false },
  },
  // `npm run dev`: pages from Vite, everything else from a running dev server.
  server: {
    proxy: {
      "/api": { target: "http://127.0.0.1:8787" },
      "/ws": { target: "http://127.0.0.1:8787", ws: true },
    },
  },
});
