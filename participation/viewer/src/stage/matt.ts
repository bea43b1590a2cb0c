// The one material of the model: matt, and with shadows that cost little.

import * as THREE from "three";

type Shader = Parameters<THREE.Material["onBeforeCompile"]>[0];

const MANY = /shadow = \(\s*texture\( shadowMap[\s\S]*?\) \* 0\.2;/; // five places of the shadow map, turned at random at each pixel

/** 1: shadows are softened at five places of their map, 0: asked for once at each pixel, between its four nearest. */
export const softShadows = { value: 0 };

/** Softens shadows only where the device is quick: it takes a third of a frame's time where a processor draws. */
export function frugal(shader: Shader): void {
  const part = THREE.ShaderChunk.shadowmap_pars_fragment;
  if (!MANY.test(part)) console.error("three has other shadows than this page knows");
  const chosen = part.replace(MANY, (five) => `if (softShadows > 0.5) { ${five} } else { shadow = texture( shadowMap, shadowCoord.xyz ); }`);
  shader.uniforms["softShadows"] = softShadows;
  shader.fragmentShader = shader.fragmentShader.replace("#include <shadowmap_pars_fragment>", `uniform float softShadows;\n${chosen}`);
}

export function matt(parameters: THREE.MeshLambertMaterialParameters): THREE.MeshLambertMaterial {
  const material = new THREE.MeshLambertMaterial(parameters);
  material.onBeforeCompile = (shader) => frugal(shader);
  return material;
}
