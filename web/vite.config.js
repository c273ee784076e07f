import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath, URL } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const page = (name) => fileURLToPath(new URL(`./${name}.html`, import.meta.url));
const backend = process.env.HUITIAN_DEV_BACKEND ?? "http://127.0.0.1:8010";
const toBackend = { target: backend, changeOrigin: false };

// The same addresses as the server's: /desk/queue is desk.html, and so on.
const ends = ["cockpit", "desk", "mobile", "public"];

/** Writes the worker of the phone with the names of all that its page loads, and a version that follows from them. */
function mobileWorker() {
  const source = fileURLToPath(new URL("./worker/mobile.js", import.meta.url));
  // What the screens of the phone open as their help, asked for as HelpSection asks.
  const sections = readFileSync(fileURLToPath(new URL("./src/shell/help/sections.ts", import.meta.url)), "utf8");
  const helpOfPhone = new Set([...sections.matchAll(/"mobile[^"]*": "([^"#]+)#([^"]+)"/g)].flatMap(([, at, part]) => ["zh-CN", "en"].map((lang) => `/docs/${at}?lang=${lang}&part=${part}`)));
  const beside = ["/mark.svg", "/icon-192.png", "/mobile-zh.webmanifest", "/mobile-en.webmanifest"];
  // Charts are large and rarely on a phone: they are kept when they were first needed.
  const isLater = (name) => name.includes("echarts");
  return {
    name: "huitian-mobile-worker",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const chunks = new Set();
      const visit = (name) => {
        const chunk = bundle[name];
        if (!chunk || chunk.type !== "chunk" || chunks.has(name) || isLater(name)) return;
        chunks.add(name);
        [...chunk.imports, ...chunk.dynamicImports].forEach(visit);
      };
      Object.values(bundle).filter((one) => one.type === "chunk" && one.isEntry && one.name === "mobile").forEach((one) => visit(one.fileName));
      const files = new Set(chunks);
      for (const name of chunks) for (const one of [...(bundle[name].viteMetadata?.importedCss ?? []), ...(bundle[name].viteMetadata?.importedAssets ?? [])]) files.add(one);
      const styles = [...files].filter((name) => name.endsWith(".css")).map((name) => String(bundle[name]?.source ?? ""));
      for (const name of Object.keys(bundle)) if (name.endsWith(".woff2") && styles.some((css) => css.includes(name.split("/").pop()))) files.add(name);
      const shell = [...beside, ...[...files].sort().map((name) => `/${name}`)];
      const code = readFileSync(source, "utf8");
      const page = String(bundle["mobile.html"]?.source ?? "");
      const version = createHash("sha256").update(code).update(page).update(JSON.stringify([shell, ...helpOfPhone])).digest("hex").slice(0, 12);
      this.emitFile({ type: "asset", fileName: "mobile-worker.js", source: code.replace("__VERSION__", version).replace("__SHELL__", JSON.stringify(shell)).replace("__HELP__", JSON.stringify([...helpOfPhone])) });
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [
    vue(),
    mobileWorker(),
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
  server: { proxy: { "/v1": toBackend, "/packs": toBackend, "/docs": toBackend, "/healthz": toBackend, "/openapi.json": toBackend } },
  build: {
    outDir: "../huitian/api/web",
    emptyOutDir: true,
    // Nothing is inlined: font-src and script-src are 'self'.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: Object.fromEntries(["index", "docs", ...ends].map((name) => [name, page(name)])),
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
