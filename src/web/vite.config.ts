import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env["FLOWCHAT_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Inlined assets would need data: in the content security policy.
  build: {
    outDir: "../FlowChat/wwwroot",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": server, "/hubs": { target: server, ws: true } },
  },
  test: { include: ["src/**/*.test.ts"], environment: "happy-dom" },
});
