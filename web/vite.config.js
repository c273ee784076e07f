import { fileURLToPath, URL } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const page = (name) => fileURLToPath(new URL(`./${name}.html`, import.meta.url));
const backend = process.env.HUITIAN_DEV_BACKEND ?? "http://127.0.0.1:8010";
const toBackend = { target: backend, changeOrigin: false };

// The same addresses as the server's: /desk/queue is desk.html, and so on.
const ends = ["cockpit", "desk", "mobile", "public"];

export default defineConfig({
  base: "/",
  plugins: [
    vue(),
    {
      name: "huitian-ends",
      configureServer(server) {
        server.middlewares.use((request, _response, next) => {
          const first = request.url?.split("?")[0]?.split("/")[1] ?? "";
          if (ends.includes(first)) request.url = `/${first}.html`;
          next();
        });
      },
    },
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_I18N_LEGACY_API__: "false",
    __VUE_I18N_FULL_INSTALL__: "false",
    __INTLIFY_PROD_DEVTOOLS__: "false",
  },
  server: { proxy: { "/v1": toBackend, "/packs": toBackend, "/healthz": toBackend, "/openapi.json": toBackend } },
  build: {
    outDir: "../huitian/api/web",
    emptyOutDir: true,
    // Nothing is inlined: font-src and script-src are 'self'.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: Object.fromEntries(["index", ...ends].map((name) => [name, page(name)])),
      output: {
        codeSplitting: {
          groups: [
            { name: "maplibre", test: /node_modules[\\/]maplibre-gl/ },
            { name: "echarts", test: /node_modules[\\/](echarts|zrender)/ },
            { name: "vue", test: /node_modules[\\/](@vue|vue|vue-i18n|@intlify|vue-router|@tanstack|openapi-fetch)[\\/]/ },
          ],
        },
      },
    },
  },
});
