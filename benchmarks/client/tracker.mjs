/**
 * Take umami's tracker out of umami's package, without the web application around it.
 *
 * The package is a whole server with 54 dependencies; the tracker is one file of its
 * sources. npm fetches the archive, and what arrives must be what package.json names.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version, integrity } = JSON.parse(readFileSync(here("package.json"), "utf8")).tarballs.umami;
const folder = here("node_modules/umami");

mkdirSync(folder, { recursive: true });
const pack = ["pack", `umami@${version}`, "--silent", "--ignore-scripts", "--pack-destination", folder];
const archive = join(folder, execFileSync("npm", pack, { encoding: "utf8" }).trim());
const found = "sha512-" + createHash("sha512").update(readFileSync(archive)).digest("base64");
if (found !== integrity) {
  console.error(`umami@${version} is ${found}, and package.json names ${integrity}.`);
  process.exit(1);
}
const member = "package/src/tracker/index.js";
execFileSync("tar", ["-xzf", archive, "-C", folder, "--strip-components=1", member]);
