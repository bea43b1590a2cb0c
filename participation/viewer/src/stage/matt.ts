// The one material of the model: matt, and with shadows that cost little.

import * as THREE from "three";

type Shader = Parameters<THREE.Material["onBeforeCompile"]>[0];

const MANY = /shadow = \(\s*texture\( shadowMap[\s\S]*?\) \* 0\.2;/; // five places of the shadow map, turned at random at each pixel

/** Asks the shadow map once for each pixel, between its four nearest: a third of a frame's time less where a processor draws, and no grain. */
export function oneTap(shader: Shader): void {
  const part = THREE.ShaderChunk.shadowmap_pars_fragment;
  if (!MANY.test(part)) console.error("three has other shadows than this page knows");
  shader.fragmentShader = shader.fragmentShader.replace("#include <shadowmap_pars_fragment>", part.replace(MANY, "shadow = texture( shadowMap, shadowCoord.xyz );"));
}

export function matt(parameters: THREE.MeshLambertMaterialParameters): THREE.MeshLambertMaterial {
  const material = new THREE.MeshLambertMaterial(parameters);
  material.onBeforeCompile = (shader) => oneTap(shader);
  return material;
}
