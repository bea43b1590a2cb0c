// The town in three dimensions: what is built, what a variant changes, sun and shadow, drawn only when something has changed.

import * as THREE from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";

import { bytesOf, jsonOf } from "../files";
import type { Place, Publication, Variant, Viewpoint } from "../publication";
import { standing } from "../figures";
import type { Ground } from "../ground";
import { storeyLines } from "../own/body";
import { type GeoJson, fromGeoJson } from "../own/proposal";
import { sunPosition } from "../sun";
import type { Body } from "./cut";
import { Drape } from "./drape";
import { matt, softShadows } from "./matt";
import { EYE, Navigation } from "./navigation";
import { Sharpness } from "./sharpness";
import { roughly, trees, type Tree } from "./trees";

export interface Picked {
  place: Place;
  /** of a building (gml:id), a block, or null on the ground */
  object: string | null;
  kind: "ground" | "building" | "block";
  normal: Place;
}

export type Comparing = { mode: "off" } | { mode: "swipe" | "split"; other: string; at: number };

/** What a visitor builds: its houses, and what of the town makes way. */
export interface Own {
  group: THREE.Object3D;
  removed: string[];
  felled: number[];
  planted: Variant["planted"];
}

interface Buildings {
  ids: string[];
  names?: string[];
  heights?: number[];
}

const LOOK = {
  light: { zenith: 0xb7cbdc, sky: 0xe9eef1, ground: 0xd9d6cd, wall: 0xf2f0ec, roof: 0xdcd7d1, haze: 0xe9eef1 },
  dark: { zenith: 0x171c22, sky: 0x2b343c, ground: 0x4b4d4b, wall: 0xc9c5be, roof: 0xb4ada4, haze: 0x2b343c },
};

const REST = 180; // milliseconds without a movement after which a picture is drawn finer
const ROOM = 18; // metres ahead of somebody who looks about
const LEAST_WIDE = 1.2; // width by height of a view below which the camera opens further
const MOST_SHADOWS = 2; // of two variants side by side

/** Scene metres (x east, y north, z up) as three has them (y up). */
export function toThree([x, y, z]: Place): THREE.Vector3 {
  return new THREE.Vector3(x, z, -y);
}

export function fromThree(point: THREE.Vector3): Place {
  return [point.x, -point.z, point.y];
}

export class Stage {
  readonly scene = new THREE.Scene();
  readonly camera = new THREE.PerspectiveCamera(40, 1, 1, 6000);
  readonly navigation: Navigation;
  readonly drape = new Drape();
  readonly overlay = new THREE.Group();
  readonly renderer: THREE.WebGLRenderer;
  buildings: Buildings = { ids: [] };
  comparing: Comparing = { mode: "off" };
  private readonly sun = new THREE.DirectionalLight(0xfff1df, 2.4);
  private readonly sky = new THREE.HemisphereLight(0xf3f7ff, 0xc9c4bc, 1.6);
  private readonly terrain = new THREE.Group();
  private readonly context = new THREE.Group();
  private readonly removable = new THREE.Group();
  private readonly variants = new Map<string, THREE.Group>();
  private readonly loading = new Map<string, Promise<void>>();
  private loaded: Promise<void> | null = null;
  private treesThere: Tree[] = [];
  private treeGroup = new THREE.Group();
  private shown = "bestand";
  /** of the camera, vertical degrees where the view is wide */
  private opening = 36;
  private queued = false;
  private readonly sharpness = new Sharpness();
  private settling = 0;
  /** Shadows that have been drawn, by what they are of; drawn anew only when sun or town have changed. */
  private readonly shadows = new Map<string, { map: THREE.WebGLRenderTarget | null; fresh: boolean }>();
  private readonly loader = new GLTFLoader();
  /** What a visitor builds; shown in the place of a variant. */
  private own: Own | null = null;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly publication: Publication,
    private readonly ground: () => Promise<Ground | null>,
  ) {
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: false, powerPreference: "high-performance" }); // edges: see Sharpness
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = THREE.PCFShadowMap;
    this.renderer.shadowMap.autoUpdate = false;
    this.sun.castShadow = true;
    this.sun.shadow.mapSize.set(2048, 2048);
    this.sun.shadow.bias = -0.0004;
    this.sun.shadow.normalBias = 0.35;
    this.scene.add(this.sky, this.sun, this.sun.target, this.terrain, this.context, this.removable, this.treeGroup, this.overlay);
    this.navigation = new Navigation(this.camera, canvas, () => this.draw(), (x, y) => this.groundAt(x, y), (target, way) => this.standNear(target, way));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.dress());
    new ResizeObserver(() => this.resize()).observe(canvas.parentElement ?? canvas);
    this.dress();
    this.lookFromAbove();
  }

  /** Ground, town and trees, once. progress : share that has come, 0 to 1. */
  load(progress: (share: number) => void = () => undefined): Promise<void> {
    this.loaded ??= this.fetched(progress);
    this.loaded.catch(() => (this.loaded = null)); // so that it can be tried again
    return this.loaded;
  }

  private async fetched(progress: (share: number) => void): Promise<void> {
    const { terrain, context, removable, buildings, trees: file } = this.publication.model;
    const files = [terrain, context, removable].filter((one) => one !== null);
    const total = files.reduce((sum, one) => sum + one.bytes, 0) || 1;
    const came = new Map<string, number>();
    const fetched = async (one: { url: string } | null, into: THREE.Group): Promise<void> => {
      if (!one) return;
      const bytes = await bytesOf(one.url, (size) => {
        came.set(one.url, size);
        progress(Math.min(1, [...came.values()].reduce((sum, part) => sum + part, 0) / total));
      });
      into.add(await this.model(bytes));
    };
    const [, , , ids, there] = await Promise.all([
      fetched(terrain, this.terrain),
      fetched(context, this.context),
      fetched(removable, this.removable),
      buildings ? jsonOf<Buildings>(buildings.url) : this.buildings,
      file ? jsonOf<{ trees: Tree[] }>(file.url) : { trees: [] },
    ]);
    this.buildings = ids;
    this.treesThere = there.trees;
    this.dress();
    await this.show(this.shown);
  }

  private async model(bytes: ArrayBuffer): Promise<THREE.Group> {
    const { scene } = await this.loader.parseAsync(bytes, "");
    scene.traverse((one) => {
      const map = one instanceof THREE.Mesh ? (one.material as THREE.MeshStandardMaterial).map : null;
      if (map) map.minFilter = THREE.LinearMipmapNearestFilter; // between two sizes of a picture: a third of a frame's time where a processor draws
    });
    return scene;
  }

  /** Loads a variant's blocks, once. */
  private variant(id: string): Promise<void> {
    const known = this.loading.get(id);
    if (known) return known;
    const file = this.publication.variants.find((one) => one.id === id)?.model;
    const made = (async () => {
      const group = new THREE.Group();
      if (file) group.add(await this.model(await bytesOf(file.url)), await this.storeys(id));
      group.visible = false;
      this.variants.set(id, group);
      this.scene.add(group);
      this.dress();
    })();
    this.loading.set(id, made);
    made.catch(() => this.loading.delete(id)); // so that it can be tried again
    return made;
  }

  /** Lines on the walls where a storey begins, so that one can count them. */
  private async storeys(id: string): Promise<THREE.Object3D> {
    const file = this.publication.variants.find((one) => one.id === id)?.geojson;
    const ground = await this.ground().catch(() => null);
    const places: number[] = [];
    for (const block of file ? fromGeoJson(await jsonOf<GeoJson>(file.url), this.publication.place).blocks : []) {
      const { base } = standing(block, ground);
      if (!Number.isNaN(base)) places.push(...storeyLines(block, base));
    }
    return new THREE.LineSegments(new THREE.BufferGeometry().setAttribute("position", new THREE.Float32BufferAttribute(places, 3)), EDGE);
  }

  /** Shows a variant of the publication. */
  async show(id: string): Promise<void> {
    this.shown = id;
    await this.variant(id);
    if (this.comparing.mode !== "off") await this.variant(this.comparing.other);
    this.draw();
  }

  async compare(comparing: Comparing): Promise<void> {
    this.comparing = comparing;
    await this.show(this.shown);
  }

  /** Shows what a visitor builds in the place of a variant; null: the variant again. */
  showOwn(own: Own | null): void {
    if (this.own) this.scene.remove(this.own.group);
    this.own = own;
    if (own) this.scene.add(own.group);
    this.reshade();
    this.draw();
  }

  private arrange(id: string): void {
    const variant = this.publication.variants.find((one) => one.id === id);
    const own = id === this.shown ? this.own : null;
    for (const [name, group] of this.variants) group.visible = name === id && !own;
    if (this.own) this.own.group.visible = own !== null;
    const removed = new Set(own?.removed ?? variant?.removed ?? []);
    for (const top of this.removable.children) {
      for (const node of top.children) node.visible = !removed.has(node.userData["name"] ?? node.name);
    }
    this.scene.remove(this.treeGroup);
    const standing = own ? [...this.treesThere.filter((_, k) => !own.felled.includes(k)), ...(own.planted as Tree[])] : this.treesOf(id);
    this.treeGroup = trees(standing, own ? "own" : id);
    this.scene.add(this.treeGroup);
    roughly(this.treeGroup, this.renderer.getPixelRatio() < 1);
  }

  /** The sun as it stands at a moment (milliseconds of UTC); below the horizon it is dusk. */
  setSun(moment: number): void {
    const { latitude, longitude, convergence, focus } = this.publication.place;
    const { azimuth, elevation } = sunPosition(moment, latitude, longitude);
    const grid = ((azimuth - convergence) * Math.PI) / 180;
    const height = (Math.max(elevation, 0.5) * Math.PI) / 180;
    const middle = this.middle();
    const away = new THREE.Vector3(Math.sin(grid) * Math.cos(height), Math.sin(height), -Math.cos(grid) * Math.cos(height));
    const half = Math.hypot(focus[2] - focus[0], focus[3] - focus[1]) / 2 + 120;
    this.sun.position.copy(middle).addScaledVector(away, half * 3);
    this.sun.target.position.copy(middle);
    const camera = this.sun.shadow.camera;
    Object.assign(camera, { left: -half, right: half, top: half, bottom: -half, near: half, far: half * 5 });
    camera.updateProjectionMatrix();
    const day = Math.min(1, Math.max(0, (elevation + 2) / 12));
    this.sun.intensity = elevation > 0 ? 0.7 + 1.5 * day : 0;
    this.sun.color.set(0xffb98a).lerp(new THREE.Color(0xfffaf3), day);
    this.sky.intensity = 0.6 + 1.2 * day;
    this.reshade();
    this.draw();
  }

  middle(): THREE.Vector3 {
    const [x0, y0, x1, y1] = this.publication.place.focus;
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    return toThree([x, y, this.groundAt(x, y) ?? this.publication.place.bounds[2]]);
  }

  lookFromAbove(): void {
    const [x0, y0, x1, y1] = this.publication.place.focus;
    const size = Math.max(x1 - x0, y1 - y0, 60);
    const middle = this.middle();
    const from = middle.clone().add(new THREE.Vector3(size * 0.95, size * 1.2, size * 1.6));
    this.navigation.orbitFrom(from, middle);
    this.opening = 36;
    this.camera.clearViewOffset();
    this.open(this.camera.aspect);
  }

  lookFrom(viewpoint: Viewpoint): void {
    const [from, to] = [toThree(viewpoint.position), toThree(viewpoint.target)];
    this.opening = viewpoint.field_of_view;
    const { width, height } = this.canvas;
    if (viewpoint.shift) this.camera.setViewOffset(width, height, 0, -viewpoint.shift * height, width, height);
    else this.camera.clearViewOffset();
    this.open(this.canvas.clientWidth / (this.canvas.clientHeight || 1));
    if (viewpoint.kind === "eye") this.navigation.walkFrom(from, to);
    else this.navigation.orbitFrom(from, to);
    this.draw();
  }

  /** Height of the ground, undefined off it. */
  groundAt(x: number, y: number): number | undefined {
    const ray = new THREE.Raycaster(new THREE.Vector3(x, 5000, -y), new THREE.Vector3(0, -1, 0));
    return ray.intersectObject(this.terrain, true)[0]?.point.y;
  }

  /** Takes what bears a name off the town again, and frees what it holds. */
  takeOff(name: string): void {
    for (const old of this.overlay.children.filter((one) => one.name === name)) {
      old.removeFromParent();
      old.traverse((one) => {
        const { geometry, material } = one as Partial<THREE.Mesh>;
        geometry?.dispose();
        for (const each of material ? [material].flat() : []) each.dispose();
      });
    }
    this.draw();
  }

  /** What stands and lies in a variant: for cutting through it. */
  bodies(id: string): Body[] {
    const removed = new Set(this.publication.variants.find((one) => one.id === id)?.removed ?? []);
    const named = (node: THREE.Object3D): string => String(node.userData["id"] ?? node.userData["name"] ?? node.name);
    const found: Body[] = [{ kind: "ground", object: this.terrain, nameOf: () => "" }];
    found.push({ kind: "stays", object: this.context, nameOf: (row) => this.buildings.ids[row] ?? "" });
    for (const node of this.removable.children.flatMap((top) => top.children)) {
      found.push({ kind: removed.has(named(node)) ? "goes" : "stays", object: node, nameOf: () => named(node) });
    }
    this.variants.get(id)?.traverse((node) => {
      if (node.userData["id"] && !node.userData["kind"]) found.push({ kind: "new", object: node, nameOf: () => named(node) });
    });
    return found;
  }

  /** Where somebody can stand who wants to see a place: under the sky, with room ahead, as near as can be. way : from where one comes. */
  private standNear(target: THREE.Vector3, way: THREE.Vector3): { from: THREE.Vector3; way: THREE.Vector3 } {
    const stood = (x: number, z: number): THREE.Vector3 => new THREE.Vector3(x, (this.groundAt(x, -z) ?? target.y) + EYE, z);
    for (const far of [0, 10, 20, 35, 55, 80, 110, 150]) {
      for (const turn of far ? [0, 1, -1, 2, -2, 3, -3, 4] : [0]) {
        const ahead = way.clone().applyAxisAngle(new THREE.Vector3(0, 1, 0), (turn * Math.PI) / 4);
        const from = stood(target.x - ahead.x * far, target.z - ahead.z * far);
        const above = this.hit(new THREE.Raycaster(from.clone().setY(5000), new THREE.Vector3(0, -1, 0)));
        if (above?.kind !== "ground") continue;
        if (!this.hit(new THREE.Raycaster(from, ahead, 0, Math.min(ROOM, far || ROOM)))) return { from, way: ahead };
      }
    }
    return { from: stood(target.x, target.z), way };
  }

  /** What lies under a place of the canvas, given in CSS pixels. */
  pick(clientX: number, clientY: number): Picked | null {
    return this.hit(this.rayAt(clientX, clientY));
  }

  private rayAt(clientX: number, clientY: number): THREE.Raycaster {
    const box = this.canvas.getBoundingClientRect();
    const at = new THREE.Vector2(((clientX - box.left) / box.width) * 2 - 1, 1 - ((clientY - box.top) / box.height) * 2);
    const ray = new THREE.Raycaster();
    ray.setFromCamera(at, this.camera);
    return ray;
  }

  /** Where a place is on the canvas, in CSS pixels from its upper left corner; null behind the camera. */
  onScreen(place: Place): [number, number] | null {
    const seen = toThree(place).project(this.camera);
    return seen.z < 1 ? [((seen.x + 1) / 2) * this.canvas.clientWidth, ((1 - seen.y) / 2) * this.canvas.clientHeight] : null;
  }

  private hit(ray: THREE.Raycaster): Picked | null {
    const found = ray
      .intersectObjects([this.terrain, this.context, this.removable, ...this.variants.values(), ...(this.own ? [this.own.group] : [])], true)
      .find((one) => isShown(one.object) && one.object instanceof THREE.Mesh);
    if (!found) return null;
    const normal = found.face ? found.face.normal.clone().transformDirection(found.object.matrixWorld) : new THREE.Vector3(0, 1, 0);
    const base = { place: fromThree(found.point), normal: fromThree(normal) };
    const tops = (object: THREE.Object3D): THREE.Object3D[] => [object, ...(object.parent ? tops(object.parent) : [])];
    const line = tops(found.object);
    if (line.includes(this.terrain)) return { ...base, object: null, kind: "ground" };
    if (line.includes(this.context) || line.includes(this.removable)) return { ...base, object: this.buildingOf(found, line), kind: "building" };
    return { ...base, object: (line.find((one) => one.userData["id"])?.userData["id"] as string | undefined) ?? null, kind: "block" };
  }

  private buildingOf(found: THREE.Intersection, line: THREE.Object3D[]): string | null {
    const rows = (found.object as THREE.Mesh).geometry.getAttribute("_feature_id_0");
    if (rows && found.face) return this.buildings.ids[rows.getX(found.face.a)] ?? null;
    return (line.find((one) => one.userData["name"])?.userData["name"] as string | undefined) ?? null;
  }

  /** Where a place of the canvas meets a plane. */
  onPlane(clientX: number, clientY: number, plane: THREE.Plane): THREE.Vector3 | null {
    return this.rayAt(clientX, clientY).ray.intersectPlane(plane, new THREE.Vector3());
  }

  /** Loads a variant without showing it. */
  ready(id: string): Promise<void> {
    return this.variant(id);
  }

  /** The body of a published block; undefined before its variant is loaded. */
  blockNode(variant: string, id: string): THREE.Object3D | undefined {
    let found: THREE.Object3D | undefined;
    this.variants.get(variant)?.traverse((one) => { if (one.userData["id"] === id) found ??= one; });
    return found;
  }

  /** Whether nothing stands between two places. */
  sees(from: Place, to: Place): boolean {
    const [a, b] = [toThree(from), toThree(to)];
    const ray = new THREE.Raycaster(a, b.clone().sub(a).normalize(), 0.5, a.distanceTo(b) - 0.5);
    return this.hit(ray) === null;
  }

  /** Makes what is asked of the model (seeing, picking) that of one variant. */
  only(id: string): void {
    this.arrange(id);
    this.scene.updateMatrixWorld();
  }

  /** Trees that stand in a variant. */
  treesOf(id: string): Tree[] {
    const variant = this.publication.variants.find((one) => one.id === id);
    const felled = new Set(variant?.felled ?? []);
    return [...this.treesThere.filter((_, k) => !felled.has(k)), ...((variant?.planted ?? []) as Tree[])];
  }

  /** Draws what there is to draw, and says how many milliseconds that took. moving : as coarsely as while it moves. */
  timeFrame(moving = false): number {
    return this.timed(moving ? this.sharpness.moving : this.sharpness.resting);
  }

  private timed(ratio: number): number {
    const context = this.renderer.getContext();
    const wait = (): void => context.readPixels(0, 0, 1, 1, context.RGBA, context.UNSIGNED_BYTE, new Uint8Array(4)); // drivers finish only when asked for something
    wait();
    const start = performance.now();
    this.frame(ratio);
    wait();
    return performance.now() - start;
  }

  /** Asks for a new frame: at once as finely as this device can while it moves, and finer when it has come to rest. */
  draw(): void {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.frame(this.sharpness.moving);
      window.clearTimeout(this.settling);
      this.settling = window.setTimeout(() => requestAnimationFrame(() => this.settle()), REST);
    });
  }

  private settle(): void {
    if (this.queued) return;
    if (!this.sharpness.known) this.frame(1); // the first compiles what the graphics card runs
    const ratio = this.sharpness.resting;
    this.sharpness.took(this.timed(ratio), ratio);
    if (this.sharpness.resting !== ratio) this.frame(this.sharpness.resting);
  }

  private frame(ratio: number): void {
    const { renderer, comparing } = this;
    if (renderer.getPixelRatio() !== ratio) renderer.setPixelRatio(ratio);
    softShadows.value = this.sharpness.resting > 1 ? 1 : 0;
    const size = renderer.getSize(new THREE.Vector2());
    renderer.setScissorTest(false);
    renderer.setViewport(0, 0, size.x, size.y);
    if (comparing.mode === "off") {
      this.part(this.shown);
      return;
    }
    const left = Math.round(size.x * (comparing.mode === "split" ? 0.5 : comparing.at));
    if (comparing.mode === "split") this.open(size.x / 2 / size.y);
    renderer.setScissorTest(true);
    for (const [id, x, width] of [[this.shown, 0, left], [comparing.other, left, size.x - left]] as const) {
      if (comparing.mode === "split") renderer.setViewport(x, 0, width, size.y);
      renderer.setScissor(x, 0, width, size.y);
      this.part(id);
    }
    renderer.setScissorTest(false);
    this.open(size.x / size.y);
  }

  /** Opens the camera: in a narrow view as far upwards as it must to show as much from left to right as one that is a little wide. */
  private open(aspect: number): void {
    const half = Math.tan((this.opening * Math.PI) / 360) * Math.max(1, LEAST_WIDE / aspect);
    this.camera.aspect = aspect;
    this.camera.fov = (Math.atan(half) * 360) / Math.PI;
    this.camera.updateProjectionMatrix();
  }

  private part(id: string): void {
    this.arrange(id);
    this.drape.choose(id);
    this.navigation.before();
    const shadow = this.shadowOf(this.own && id === this.shown ? "own" : id);
    this.sun.shadow.map = shadow.map;
    this.renderer.shadowMap.needsUpdate = !shadow.fresh;
    this.renderer.render(this.scene, this.camera);
    [shadow.map, shadow.fresh] = [this.sun.shadow.map as THREE.WebGLRenderTarget | null, true];
  }

  private shadowOf(name: string): { map: THREE.WebGLRenderTarget | null; fresh: boolean } {
    const known = this.shadows.get(name);
    if (known) return known;
    const [oldest] = this.shadows.size >= MOST_SHADOWS ? this.shadows : [];
    const made = { map: oldest?.[1].map ?? null, fresh: false };
    if (oldest) this.shadows.delete(oldest[0]);
    this.shadows.set(name, made);
    return made;
  }

  /** Shadows are to be drawn anew. */
  private reshade(): void {
    for (const one of this.shadows.values()) one.fresh = false;
  }

  private resize(): void {
    const box = (this.canvas.parentElement ?? this.canvas).getBoundingClientRect();
    if (!box.width || !box.height) return;
    this.renderer.setSize(box.width, box.height, false);
    this.open(box.width / box.height);
    this.draw();
  }

  /** Colours of all that stands, for a light or a dark page. */
  private dress(): void {
    const look = matchMedia("(prefers-color-scheme: dark)").matches ? LOOK.dark : LOOK.light;
    this.scene.background = sky(look.zenith, look.sky);
    const { bounds } = this.publication.place;
    const wide = Math.hypot(bounds[3] - bounds[0], bounds[4] - bounds[1]);
    this.scene.fog = new THREE.Fog(look.haze, wide * 0.8, wide * 2.5);
    const paint = (group: THREE.Group, of: (mesh: THREE.Mesh, old: THREE.MeshStandardMaterial) => THREE.Material): void =>
      group.traverse((one) => {
        if (!(one instanceof THREE.Mesh)) return;
        const old = (one.userData["published"] ??= one.material) as THREE.MeshStandardMaterial;
        one.material = of(one, old);
        one.castShadow = group !== this.terrain;
        one.receiveShadow = true;
        one.renderOrder = group === this.terrain ? 1 : 0; // last: what is hidden by houses and trees is not coloured
      });
    const walls = matt({ color: look.wall, side: THREE.DoubleSide });
    const roofs = matt({ color: look.roof, side: THREE.DoubleSide });
    for (const group of [this.context, this.removable]) paint(group, (_, old) => (old.name === "Dach" ? roofs : walls));
    paint(this.terrain, (_, old) => this.drape.material(matt({ map: old.map, color: old.map ? 0xffffff : look.ground })));
    for (const group of this.variants.values()) {
      edge(group);
      paint(group, (_, old) => matt({ color: old.color, map: old.map, side: THREE.DoubleSide, vertexColors: old.vertexColors }));
    }
    this.reshade();
    this.draw();
  }
}

/** A sky that grows lighter towards the horizon, over the height of the view. */
function sky(zenith: number, horizon: number): THREE.Texture {
  const steps = 64;
  const colours = new Uint8Array(steps * 4);
  const [low, high] = [new THREE.Color(horizon), new THREE.Color(zenith)];
  for (let k = 0; k < steps; k++) {
    const hex = low.clone().lerp(high, Math.max(0, k / (steps - 1) - 0.4) / 0.6).getHex();
    colours.set([hex >> 16, (hex >> 8) & 255, hex & 255, 255], k * 4);
  }
  const texture = new THREE.DataTexture(colours, 1, steps);
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.magFilter = texture.minFilter = THREE.LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

const EDGE = new THREE.LineBasicMaterial({ color: 0x14202a, transparent: true, opacity: 0.45 });

/** Fine lines along the edges of bodies, as a model maker would score them; once. */
function edge(group: THREE.Group): void {
  if (group.userData["edged"]) return;
  const meshes: THREE.Mesh[] = [];
  group.traverse((one) => { if (one instanceof THREE.Mesh) meshes.push(one); });
  for (const mesh of meshes) mesh.add(new THREE.LineSegments(new THREE.EdgesGeometry(mesh.geometry, 20), EDGE));
  group.userData["edged"] = meshes.length > 0;
}

function isShown(object: THREE.Object3D | null): boolean {
  return object === null || (object.visible && isShown(object.parent));
}
