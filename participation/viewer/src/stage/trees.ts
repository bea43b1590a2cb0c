// Trees as light bodies, all of a kind drawn at once.

import * as THREE from "three";

import { matt } from "./matt";

/** x, y, z of the foot, height and crown's diameter in metres, group */
export type Tree = [number, number, number, number, number, string];

const BROADLEAF = new THREE.IcosahedronGeometry(1, 1);
const ROUGH = round(new THREE.IcosahedronGeometry(1.1, 0)); // as much of the picture from a quarter of the triangles
const CONIFER = new THREE.ConeGeometry(1, 2, 7, 1, true);
const TRUNK = new THREE.CylinderGeometry(1, 1.2, 1, 5, 1, true);
const LEAVES = matt({ color: 0x93a98a });
const NEEDLES = matt({ color: 0x7b947c, flatShading: true });
const BARK = matt({ color: 0x9a8f83 });

const made = new Map<string, THREE.Group>();

/** Crowns of few triangles, for a frame that must be quick where a processor draws. */
export function roughly(group: THREE.Group, rough: boolean): void {
  const crowns = group.children[0];
  if (crowns instanceof THREE.InstancedMesh) crowns.geometry = rough ? ROUGH : BROADLEAF;
}

/** A body shaded as if it were a ball. */
function round(form: THREE.BufferGeometry): THREE.BufferGeometry {
  const normal = form.getAttribute("position").clone() as THREE.BufferAttribute;
  form.setAttribute("normal", normal);
  form.normalizeNormals();
  return form;
}

/** The trees as one group; made once for each name and list. */
export function trees(list: Tree[], name: string): THREE.Group {
  const key = `${name}:${list.length}:${list.at(-1)?.join(",") ?? ""}`;
  const known = made.get(key);
  if (known) return known;
  if (made.size > 12) made.delete(made.keys().next().value!);
  const group = new THREE.Group();
  const conifers = list.filter((tree) => tree[5] === "conifer");
  const broad = list.filter((tree) => tree[5] !== "conifer");
  group.add(
    bodies(BROADLEAF, LEAVES, broad, ([, , , height, crown]) => ({ size: [crown / 2, height * 0.36, crown / 2], up: height * 0.64 })),
    bodies(CONIFER, NEEDLES, conifers, ([, , , height, crown]) => ({ size: [crown / 2, height * 0.44, crown / 2], up: height * 0.56 })),
    bodies(TRUNK, BARK, list, ([, , , height]) => ({ size: [height * 0.014 + 0.06, height * 0.4, height * 0.014 + 0.06], up: height * 0.2 })),
  );
  made.set(key, group);
  return group;
}

function bodies(
  form: THREE.BufferGeometry,
  material: THREE.Material,
  list: Tree[],
  of: (tree: Tree) => { size: [number, number, number]; up: number },
): THREE.InstancedMesh {
  const mesh = new THREE.InstancedMesh(form, material, list.length);
  const [place, turn, size] = [new THREE.Vector3(), new THREE.Quaternion(), new THREE.Vector3()];
  list.forEach((tree, k) => {
    const body = of(tree);
    place.set(tree[0], tree[2] + body.up, -tree[1]);
    turn.setFromAxisAngle(new THREE.Vector3(0, 1, 0), (tree[0] * 12.9898 + tree[1] * 78.233) % 6.28); // the same at every visit
    mesh.setMatrixAt(k, new THREE.Matrix4().compose(place, turn, size.set(...body.size)));
  });
  mesh.castShadow = true;
  mesh.receiveShadow = false;
  mesh.frustumCulled = false;
  return mesh;
}
