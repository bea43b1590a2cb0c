// Tiles in CesiumJS: what their houses are called, and where rays meet them. Arguments: folder of tileset.json, of rays.json and of Cesium's Build.

import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

import { chromium } from "playwright-core";

const [, , folder, cesium] = process.argv as [string, string, string, string];
const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm" };
const GL = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const PAGE = `<!doctype html><meta charset="utf-8"><script>window.CESIUM_BASE_URL = "/cesium/";</script><script src="/cesium/Cesium.js"></script><div id="globe" style="width:640px;height:400px"></div>`;

const server = createServer((request, answer) => {
  const path = decodeURIComponent(new URL(request.url!, "http://x").pathname);
  if (path === "/") return void answer.writeHead(200, { "content-type": TYPES[".html"] }).end(PAGE);
  const file = path.startsWith("/cesium/") ? join(cesium, path.slice(8)) : join(folder, path);
  if (!existsSync(file)) return void answer.writeHead(404).end();
  answer.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(answer);
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
const browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: GL });
try {
  const page = await browser.newPage();
  page.on("console", (message) => { if (message.type() === "error") console.error(message.text()); });
  page.on("pageerror", (problem) => console.error(String(problem)));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const rays = JSON.parse(readFileSync(join(folder, "rays.json"), "utf8")) as { from: number[]; to: number[] }[];
  const told = await page.evaluate(async (asked) => {
    /* eslint-disable @typescript-eslint/no-explicit-any */
    const C = (window as any).Cesium;
    const widget = new C.CesiumWidget("globe", { baseLayer: false, globe: false, skyBox: false, skyAtmosphere: false, requestRenderMode: false });
    const { scene } = widget;
    const tileset = await C.Cesium3DTileset.fromUrl("/tileset.json");
    tileset.maximumScreenSpaceError = 1; // seen from far away, in a small view
    scene.primitives.add(tileset);
    const failed: string[] = [];
    tileset.tileFailed.addEventListener(({ url, message }: { url: string; message: string }) => failed.push(`${url}: ${message}`));
    scene.camera.viewBoundingSphere(tileset.boundingSphere);
    for (let k = 0; !(tileset.tilesLoaded && tileset.root.contentReady); k++) {
      if (failed.length) throw new Error(failed.join("; "));
      if (k > 1200) throw new Error("the tiles did not load within two minutes");
      await new Promise((done) => setTimeout(done, 100));
    }
    const { content } = tileset.root;
    const features = [...Array(content.featuresLength).keys()].map((k) => {
      const one = content.getFeature(k);
      return Object.fromEntries(one.getPropertyIds().map((key: string) => [key, one.getProperty(key)]));
    });
    const met = asked.map(({ from, to }: { from: number[]; to: number[] }) => {
      const start = C.Cartesian3.fromArray(from);
      const way = C.Cartesian3.normalize(C.Cartesian3.subtract(C.Cartesian3.fromArray(to), start, new C.Cartesian3()), new C.Cartesian3());
      const found = scene.pickFromRay(new C.Ray(start, way), [], 0.05);
      return found?.position ? { id: found.object?.getProperty?.("id") ?? null, place: C.Cartesian3.pack(found.position, []) } : null;
    });
    return { features, met };
  }, rays);
  console.log(JSON.stringify(told));
} finally {
  await browser.close();
  server.close();
}
