// How long a frame of the page takes, beside what three.js alone takes for the same scene: told as JSON. Argument: the published folder.

import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

import { chromium } from "playwright-core";

const [, , folder, width, height, runs] = process.argv as [string, string, string, string, string, string];
const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".webp": "image/webp" };
const GL = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

const server = createServer((request, answer) => {
  const file = join(folder, decodeURIComponent(new URL(request.url!, "http://x").pathname).replace(/\/$/, "/index.html"));
  if (!existsSync(file)) return void answer.writeHead(404).end();
  answer.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(answer);
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
const browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: GL });
try {
  const page = await (await browser.newContext({ viewport: { width: 1500, height: 900 } })).newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/#look`);
  for (let k = 0; !(await page.evaluate(() => document.getElementById("stage")?.dataset["ready"] === "yes")); k++) {
    if (k > 600) throw new Error("the model did not load within a minute");
    await page.waitForTimeout(100);
  }
  const told = await page.evaluate(async ([wide, high, times]) => {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const app = (window as any).jenaPlanner;
    const stage = await app.stage();
    const others = app.publication.variants.filter((one: { model: unknown }) => one.model);
    await stage.show(others[0]?.id ?? "bestand");
    const host = document.getElementById("stage")!;
    Object.assign(host.style, { position: "fixed", left: "0", top: "0", width: `${wide}px`, height: `${high}px`, zIndex: "99" });
    const waited = async (asked: () => boolean): Promise<void> => {
      for (let k = 0; !asked() && k < 300; k++) await new Promise((done) => setTimeout(done, 100));
    };
    await waited(() => stage.canvas.clientWidth === wide && Math.abs(stage.camera.aspect - wide / high) < 1e-6); // until it has taken its new size
    stage.sharpness.cost = 0;
    stage.draw();
    await waited(() => stage.sharpness.known); // and knows how quick this device is with it
    const Renderer = stage.renderer.constructor;
    const bare = new Renderer({ canvas: document.createElement("canvas"), antialias: false });
    const usual = new Renderer({ canvas: document.createElement("canvas"), antialias: true });
    for (const one of [bare, usual]) one.setSize(wide, high, false);
    usual.shadowMap.enabled = true;
    const timed = (draw: () => void, context: WebGL2RenderingContext): number => {
      const start = performance.now();
      draw();
      context.readPixels(0, 0, 1, 1, context.RGBA, context.UNSIGNED_BYTE, new Uint8Array(4)); // software drivers finish only when something is asked for
      return performance.now() - start;
    };
    const ways: Record<string, () => number> = {
      "the page, while it moves": () => stage.timeFrame(true),
      "the page, at rest": () => stage.timeFrame(false),
      "three alone, no shadow": () => timed(() => bare.render(stage.scene, stage.camera), bare.getContext()),
      "three alone, shadow map drawn anew, antialiased": () => timed(() => usual.render(stage.scene, stage.camera), usual.getContext()),
    };
    const found: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
    for (let run = -1; run < times; run++) {
      for (const [name, way] of Object.entries(ways)) {
        stage.camera.position.x += 0.05;
        const took = way();
        if (run >= 0) found[name]!.push(took); // the first compiles what the graphics card runs
      }
    }
    stage.timeFrame(true);
    const moving = [stage.canvas.width, stage.canvas.height];
    stage.timeFrame(false);
    const { triangles, calls } = stage.renderer.info.render;
    return { found, triangles, calls, moving, resting: [stage.canvas.width, stage.canvas.height], buildings: stage.buildings.ids.length };
  }, [Number(width), Number(height), Number(runs)] as const);
  console.log(JSON.stringify(told));
} finally {
  await browser.close();
  server.close();
}
