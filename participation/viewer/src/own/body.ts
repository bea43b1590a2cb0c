// A block of a proposal as a body to draw: formed here where the page can, else the published one, moved and stretched by whole storeys.

import * as THREE from "three";

import { facesOf, storeyLevels, type Face } from "../massing";
import type { Point, Polygon } from "../polygons";
import { type Block, standsBack, storeysHeight } from "./proposal";
import { matt } from "../stage/matt";

const EDGE = new THREE.LineBasicMaterial({ color: 0x1d2328, transparent: true, opacity: 0.35 });

/** published : the block as Python formed it, with its form, its base and its body; needed where the page does not form it itself. */
export function body(block: Block, base: number, colour: number, selected: boolean, published?: { block: Block; base: number; node: THREE.Object3D }): THREE.Group {
  const group = new THREE.Group();
  group.userData["id"] = block.id;
  const wall = new THREE.Color(colour).lerp(new THREE.Color(0xffffff), selected ? 0.15 : 0.5);
  const roof = new THREE.Color(colour).lerp(new THREE.Color(0xffffff), selected ? 0 : 0.25);
  const faces = facesOf(block, base);
  if (faces) group.add(mesh(faces, "wall", wall), mesh(faces, "roof", roof));
  else if (published) group.add(stretched(block, base, published, wall));
  group.add(lines(block, base));
  group.traverse((one) => { one.castShadow = one.receiveShadow = one instanceof THREE.Mesh; });
  return group;
}

function mesh(faces: Face[], kind: Face["kind"], colour: THREE.Color): THREE.Mesh {
  const places: number[] = [];
  for (const face of faces) if (face.kind === kind) for (const corner of triangles(face)) places.push(corner[0], corner[2], -corner[1]);
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(places, 3));
  geometry.computeVertexNormals();
  return new THREE.Mesh(geometry, matt({ color: colour, side: THREE.DoubleSide }));
}

/** Corners of its triangles, three by three. */
function triangles({ kind, rings }: Face): [number, number, number][] {
  const outer = rings[0]!;
  if (kind === "wall" || (rings.length === 1 && outer.length <= 4)) {
    return outer.slice(2).flatMap((corner, k) => [outer[0]!, outer[k + 1]!, corner]);
  }
  const flat = rings.map((ring) => ring.map(([x, y]) => new THREE.Vector2(x, y)));
  const all = rings.flat();
  return THREE.ShapeUtils.triangulateShape(flat[0]!, flat.slice(1)).flatMap((corners) => corners.map((k) => all[k]!));
}

/** Corners of lines on the walls where a storey begins, two by two, as three has them; under a storey that stands back there is none. */
export function storeyLines(block: Block, base: number): number[] {
  const places: number[] = [];
  const levels = storeyLevels(block, base);
  for (const z of standsBack(block) ? levels.slice(0, -1) : levels) {
    for (const ring of block.footprint) {
      for (let k = 0; k + 1 < ring.length; k++) for (const [x, y] of outward(ring[k]!, ring[k + 1]!)) places.push(x, z, -y);
    }
  }
  return places;
}

const OFF = 0.03; // metres off the wall, so that the line is not in it

function outward(a: Point, b: Point): [Point, Point] {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [nx, ny] = [((b[1] - a[1]) / length) * OFF, (-(b[0] - a[0]) / length) * OFF];
  return [[a[0] + nx, a[1] + ny], [b[0] + nx, b[1] + ny]];
}

function lines(block: Block, base: number): THREE.LineSegments {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(storeyLines(block, base), 3));
  return new THREE.LineSegments(geometry, EDGE);
}

/** The published body where the block now is, with as many storeys as it now has: what lies above the ground floor is lifted. */
function stretched(block: Block, base: number, published: { block: Block; base: number; node: THREE.Object3D }, colour: THREE.Color): THREE.Group {
  const { block: was, base: stood, node } = published;
  const [a, b] = [was.footprint, block.footprint];
  const turn = direction(b) - direction(a);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [from, to] = [a[0]![0]!, b[0]![0]!];
  const lift = storeysHeight(block) - storeysHeight(was);
  const upper = stood + was.plinth + was.ground_floor_height - 0.01;
  const made = new THREE.Group();
  node.updateWorldMatrix(true, true);
  node.traverse((one) => {
    if (!(one instanceof THREE.Mesh)) return;
    const old = one.geometry.getAttribute("position");
    const corner = new THREE.Vector3();
    const places = new Float32Array(old.count * 3);
    for (let k = 0; k < old.count; k++) {
      corner.fromBufferAttribute(old, k).applyMatrix4(one.matrixWorld);
      const [dx, dy] = [corner.x - from[0], -corner.z - from[1]];
      const z = corner.y - stood + base + (corner.y > upper ? lift : 0);
      places.set([to[0] + cos * dx - sin * dy, z, -(to[1] + sin * dx + cos * dy)], 3 * k);
    }
    let geometry = new THREE.BufferGeometry();
    geometry.setAttribute("position", new THREE.BufferAttribute(places, 3));
    geometry.setIndex(one.geometry.index);
    geometry = geometry.toNonIndexed();
    geometry.computeVertexNormals();
    made.add(new THREE.Mesh(geometry, matt({ color: colour, side: THREE.DoubleSide })));
  });
  return made;
}

function direction([ring]: Polygon): number {
  const [a, b] = [ring![0]!, ring![1]!] as [Point, Point];
  return Math.atan2(b[1] - a[1], b[0] - a[0]);
}
