/**
 * Build what pages load into dist/, or with --check say whether it is up to date;
 * with --package build what npm ships into lib/.
 *
 * dist/ is committed, because the server serves it where no Node is installed. So
 * the build must give the same bytes on every machine.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version, bonafide } = JSON.parse(readFileSync(here("package.json"), "utf8"));
const banner = { js: `/*! Bonafide ${version}, Apache-2.0 */` };
const common = {
  absWorkingDir: here("."),
  bundle: true,
  // Chrome 85, Firefox 79, Safari 14.
  target: "es2021",
  charset: "ascii",
  legalComments: "none",
  define: { VERSION: JSON.stringify(version) },
  // Pages that cannot import are observed without the probes.
  supported: { "dynamic-import": true, "import-meta": true },
  banner,
};

// The name in dist/, its source, its format, and most bytes gzipped.
const FILES = [
  ["tracking-client.js", "src/index.ts", "iife", bonafide.maxGzipBytes],
  ["tracking-probes.js", "src/probes/index.ts", "esm", bonafide.maxProbesGzipBytes],
];

async function buildFile([name, source, format, budget]) {
  const result = await build({ ...common, entryPoints: [source], format, minify: true, write: false });
  const built = Buffer.from(result.outputFiles[0].contents);
  const gzipBytes = gzipSync(built, { level: 9 }).length;
  console.log(`${name}: ${built.length} bytes, ${gzipBytes} gzipped, budget ${budget}`);
  if (gzipBytes > budget) {
    console.error(`${name} is larger than its budget in package.json.`);
    process.exitCode = 1;
  }
  const path = here(`dist/${name}`);
  if (!process.argv.includes("--check")) {
    writeFileSync(path, built);
  } else if (!built.equals(readFileSync(path))) {
    console.error(`dist/${name} is not what the sources give. Run: npm run build`);
    process.exitCode = 1;
  }
}

if (process.argv.includes("--package")) {
  await build({
    ...common,
    entryPoints: { index: "src/module.ts" },
    format: "esm",
    splitting: true,
    outdir: "lib",
  });
} else {
  for (const file of FILES) {
    await buildFile(file);
  }
}
