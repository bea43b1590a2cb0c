// What is laid over the town: a place, a distance, values of faces.

import * as THREE from "three";

import type { Place } from "../publication";
import type { FaceResult } from "../results";
import { toThree } from "./stage";

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

export function segment(from: Place, to: Place): THREE.Line {
  const geometry = new THREE.BufferGeometry().setFromPoints([toThree(from), toThree(to)]);
  const line = new THREE.Line(geometry, new THREE.LineBasicMaterial({ color: 0xd55e00, depthTest: false }));
  line.name = "measure";
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
