// What is laid over the town: a place, a distance, values of faces.

import * as THREE from "three";
import { LineMaterial } from "three/examples/jsm/lines/LineMaterial.js";
import { LineSegments2 } from "three/examples/jsm/lines/LineSegments2.js";
import { LineSegmentsGeometry } from "three/examples/jsm/lines/LineSegmentsGeometry.js";

import type { Place } from "../publication";
import type { FaceResult, MarkResult } from "../results";
import { toThree } from "./stage";

const DISC = 13; // pixels across a point
const WIDE = 4; // pixels of a line

/** A pin that stands on a place and is seen through houses. */
export function marker(place: Place, colour: number, name: string): THREE.Group {
  const group = new THREE.Group();
  group.name = name;
  const material = new THREE.MeshBasicMaterial({ color: colour, depthTest: false, transparent: true });
  const head = new THREE.Mesh(new THREE.SphereGeometry(1.6, 16, 12), material);
  const foot = new THREE.Mesh(new THREE.CylinderGeometry(0.22, 0.22, 7, 8), material);
  head.position.y = 8;
  foot.position.y = 3.5;
  head.renderOrder = foot.renderOrder = 10;
  group.add(head, foot);
  group.position.copy(toThree(place));
  return group;
}

/** A line between two places, seen through houses. */
export function segment(from: Place, to: Place, name: string): THREE.Object3D {
  const geometry = new LineSegmentsGeometry().setPositions([from, to].flatMap(([x, y, z]) => [x, z, -y]));
  const line = new LineSegments2(geometry, new LineMaterial({ color: 0xd55e00, linewidth: WIDE, depthTest: false, transparent: true }));
  line.name = name;
  line.renderOrder = 10;
  return line;
}

/** The faces of a result in the colours of its classes. */
export function faceLayer(result: FaceResult, colourOf: (value: number) => [number, number, number] | undefined): THREE.Mesh {
  const { vertices, triangles, cellOf, values } = result;
  const [places, colours] = [new Float32Array(cellOf.length * 9), new Float32Array(cellOf.length * 9)];
  const colour = new THREE.Color();
  let corners = 0;
  for (let k = 0; k < cellOf.length; k++) {
    const found = colourOf(values[cellOf[k]!]!);
    if (!found) continue;
    colour.setRGB(found[0] / 255, found[1] / 255, found[2] / 255, THREE.SRGBColorSpace);
    for (let corner = 0; corner < 3; corner++) {
      const at = triangles[3 * k + corner]! * 3;
      places.set([vertices[at]!, vertices[at + 2]!, -vertices[at + 1]!], corners * 3);
      colours.set([colour.r, colour.g, colour.b], corners * 3);
      corners++;
    }
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.BufferAttribute(places.subarray(0, corners * 3), 3));
  geometry.setAttribute("color", new THREE.BufferAttribute(colours.subarray(0, corners * 3), 3));
  const material = new THREE.MeshBasicMaterial({ vertexColors: true, side: THREE.DoubleSide, polygonOffset: true, polygonOffsetFactor: -2, polygonOffsetUnits: -4 });
  return new THREE.Mesh(geometry, material);
}

/** Points and lines of a result in the colours of its classes; what houses hide of them shines through faintly. */
export function markLayer(result: MarkResult, colourOf: (value: number) => [number, number, number] | undefined): THREE.Group {
  const [places, colours]: [number[], number[]] = [[], []];
  const colour = new THREE.Color();
  result.marks.forEach((mark, k) => {
    const found = colourOf(result.values[k]!);
    if (!found) return;
    colour.setRGB(found[0] / 255, found[1] / 255, found[2] / 255, THREE.SRGBColorSpace);
    const corners = result.support === "points" ? mark.places : mark.places.slice(1).flatMap((to, n) => [mark.places[n]!, to]);
    for (const [x, y, z] of corners) {
      places.push(x, z, -y);
      colours.push(colour.r, colour.g, colour.b);
    }
  });
  const group = new THREE.Group();
  if (!places.length) return group;
  for (const hidden of [true, false]) {
    const common = { vertexColors: true, transparent: true, opacity: hidden ? 0.3 : 1, depthTest: !hidden, depthWrite: false };
    let made: THREE.Object3D;
    if (result.support === "points") {
      const geometry = new THREE.BufferGeometry();
      geometry.setAttribute("position", new THREE.Float32BufferAttribute(places, 3));
      geometry.setAttribute("color", new THREE.Float32BufferAttribute(colours, 3));
      made = new THREE.Points(geometry, new THREE.PointsMaterial({ ...common, size: DISC, sizeAttenuation: false, map: disc() }));
    } else {
      const geometry = new LineSegmentsGeometry().setPositions(places).setColors(colours);
      made = new LineSegments2(geometry, new LineMaterial({ ...common, linewidth: WIDE }));
    }
    made.renderOrder = hidden ? 8 : 9;
    group.add(made);
  }
  return group;
}

let discMade: THREE.Texture | undefined;

/** A disc with a dark rim: white, so that a point's own colour shows. */
function disc(): THREE.Texture {
  if (discMade) return discMade;
  const size = 64;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const context = canvas.getContext("2d")!;
  context.beginPath();
  context.arc(size / 2, size / 2, size / 2 - 7, 0, 2 * Math.PI);
  context.fillStyle = "#fff";
  context.fill();
  context.lineWidth = 8;
  context.strokeStyle = "#1d2328";
  context.stroke();
  discMade = new THREE.CanvasTexture(canvas);
  discMade.colorSpace = THREE.SRGBColorSpace;
  return discMade;
}
