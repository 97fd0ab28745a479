/**
 * Bundle what is measured as a page would load it, and print the sizes as JSON.
 *
 *     node bundle.mjs FOLDER
 *
 * writes one minified file for each entry to the folder. The client is measured as it is
 * in sdk/browser/dist; an unminified build of it is written too, for profiles that name
 * functions.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "../../sdk/browser/node_modules/esbuild/lib/main.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const CLIENT = here("../../sdk/browser/");
const folder = process.argv[2];
const { bonafide } = JSON.parse(readFileSync(join(CLIENT, "package.json"), "utf8"));

const common = { bundle: true, format: "iife", target: "es2021", legalComments: "none" };
await build({
  ...common,
  minify: true,
  entryPoints: [
    ...readdirSync(here("entries")).map((name) => here("entries/" + name)),
    { in: here("node_modules/umami/src/tracker/index.js"), out: "umami" },
  ].map((entry) => (entry.in ? entry : { in: entry, out: parse(entry).name })),
  outdir: folder,
});
await build({
  ...common,
  entryPoints: [join(CLIENT, "src/index.ts")],
  outfile: join(folder, "readable.js"),
});

function sizesOf(path) {
  const bytes = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  return {
    bytes: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params }).length,
  };
}

const versionOf = (name) =>
  JSON.parse(readFileSync(here(`node_modules/${name}/package.json`), "utf8")).version;
const { umami } = JSON.parse(readFileSync(here("package.json"), "utf8")).tarballs;
const built = (name) => sizesOf(join(folder, name + ".js"));
const dist = readdirSync(join(CLIENT, "dist")).filter((name) => name.endsWith(".js")).sort();

console.log(
  JSON.stringify({
    budget: bonafide.maxGzipBytes,
    ours: dist.map((name) => ({ name, ...sizesOf(join(CLIENT, "dist", name)) })),
    others: [
      { name: "@rrweb/record", version: versionOf("@rrweb/record"), ...built("rrweb") },
      { name: "umami", version: umami.version, ...built("umami") },
      {
        name: "@fingerprintjs/fingerprintjs",
        version: versionOf("@fingerprintjs/fingerprintjs"),
        ...built("fingerprintjs"),
      },
      { name: "@fingerprintjs/botd", version: versionOf("@fingerprintjs/botd"), ...built("botd") },
    ],
  }),
);
