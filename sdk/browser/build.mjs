/**
 * Build dist/tracking-client.js, or with --check say whether it is up to date.
 *
 * The built file is committed, because the server serves it where no Node is
 * installed. So the build must give the same bytes on every machine.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const DIST = here("dist/tracking-client.js");
const { version, bonafide } = JSON.parse(readFileSync(here("package.json"), "utf8"));

const result = await build({
  absWorkingDir: here("."),
  entryPoints: ["src/index.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  // Chrome 85, Firefox 79, Safari 14.
  target: "es2021",
  charset: "ascii",
  legalComments: "none",
  banner: { js: `/*! Bonafide ${version}, Apache-2.0 */` },
  write: false,
});
const built = Buffer.from(result.outputFiles[0].contents);
const gzipBytes = gzipSync(built, { level: 9 }).length;
console.log(`${built.length} bytes, ${gzipBytes} gzipped, budget ${bonafide.maxGzipBytes}`);

if (gzipBytes > bonafide.maxGzipBytes) {
  console.error("The client is larger than its budget in package.json.");
  process.exit(1);
}
if (!process.argv.includes("--check")) {
  writeFileSync(DIST, built);
} else if (!built.equals(readFileSync(DIST))) {
  console.error("dist/tracking-client.js is not what the sources give. Run: npm run build");
  process.exit(1);
}
