// What a cut along 0 to 100 m east meets: ground of two tiles with a gap between them, 10 m and 20 m high, and a house on the second.

import * as THREE from "three";

import { type Body, cut, heightOn } from "../src/stage/cut";

/** A level piece 20 m wide (scene metres; of three.js y is up and z south). */
function level(kind: Body["kind"], west: number, east: number, height: number): Body {
  const corners = [west, height, 10, east, height, 10, east, height, -10, west, height, -10];
  const geometry = new THREE.BufferGeometry().setAttribute("position", new THREE.Float32BufferAttribute(corners, 3)).setIndex([0, 1, 2, 0, 2, 3]);
  return { kind, object: new THREE.Mesh(geometry), nameOf: () => "Haus" };
}

const house = level("stays", 70, 90, 26);
const made = cut([level("ground", 0, 40, 10), level("ground", 60, 95, 20), house], [0, 0.5], [100, 0.5]);
console.log(JSON.stringify({
  ground: made.ground,
  heights: made.pieces.map((one) => one.height),
  on: [-5, 20, 50, 80, 99].map((at) => heightOn(made.ground, at)),
  without: cut([house], [0, 0.5], [100, 0.5]).pieces.map((one) => one.height),
}));
