import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { VERSION: JSON.stringify("0.0.0") },
  test: { environment: "jsdom", include: ["tests/**/*.test.ts"], restoreMocks: true, testTimeout: 30_000 },
});
