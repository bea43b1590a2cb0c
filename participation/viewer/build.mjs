// Bundles the page into built/: a module for index.html, the same as one classic script for offline.html, and a style sheet.

import { cpSync, mkdirSync } from "node:fs";
import { build } from "esbuild";

const common = { bundle: true, minify: true, target: ["es2020"], charset: "utf8", legalComments: "none", logLevel: "warning" };

mkdirSync("built", { recursive: true });
await Promise.all([
  build({ ...common, entryPoints: { app: "src/main.ts" }, outdir: "built", format: "esm" }),
  build({ ...common, entryPoints: { offline: "src/main.ts" }, outdir: "built", format: "iife" }),
  build({ ...common, entryPoints: { app: "src/app.css" }, outdir: "built" }),
]);
cpSync("src/index.html", "built/index.html");
