// A result of a grid laid over the ground: the terrain's own material looks its colour up, so that it follows every slope.

import * as THREE from "three";

import { frugal } from "./matt";

export interface Layer {
  /** the variant it is shown with */
  variant: string;
  columns: number;
  rows: number;
  /** scene metres of the south-western corner, and of a cell's side */
  x0: number;
  y0: number;
  step: number;
  /** RGBA of each cell, row by row from the south */
  colours: Uint8Array;
}

const NOTHING = new THREE.DataTexture(new Uint8Array(4), 1, 1);

export class Drape {
  private readonly layers = new Map<string, { texture: THREE.Texture; frame: THREE.Vector4 }>();
  private readonly texture = { value: NOTHING as THREE.Texture };
  private readonly frame = { value: new THREE.Vector4(0, 0, 1, 1) };
  private readonly on = { value: 0 };

  /** Puts layers on, one for each variant at most; none: takes them off. */
  set(layers: Layer[]): void {
    for (const { texture } of this.layers.values()) texture.dispose();
    this.layers.clear();
    for (const one of layers) {
      const texture = new THREE.DataTexture(one.colours, one.columns, one.rows);
      texture.colorSpace = THREE.SRGBColorSpace;
      texture.magFilter = texture.minFilter = THREE.NearestFilter;
      texture.needsUpdate = true;
      this.layers.set(one.variant, { texture, frame: new THREE.Vector4(one.x0, one.y0, one.columns * one.step, one.rows * one.step) });
    }
  }

  choose(variant: string): void {
    const layer = this.layers.get(variant);
    this.on.value = layer ? 1 : 0;
    this.texture.value = layer?.texture ?? NOTHING;
    if (layer) this.frame.value.copy(layer.frame);
  }

  /** The same material that shows the chosen layer. Colours of classes stay as the legend has them: they are not shaded. */
  material(material: THREE.MeshLambertMaterial): THREE.Material {
    material.onBeforeCompile = (shader) => {
      frugal(shader);
      Object.assign(shader.uniforms, { drapeMap: this.texture, drapeFrame: this.frame, drapeOn: this.on });
      shader.vertexShader = shader.vertexShader
        .replace("#include <common>", "#include <common>\nvarying vec2 drapeAt;")
        .replace("#include <project_vertex>", "#include <project_vertex>\nvec4 drapePlace = modelMatrix * vec4(transformed, 1.0);\ndrapeAt = vec2(drapePlace.x, -drapePlace.z);");
      shader.fragmentShader = shader.fragmentShader
        .replace("#include <common>", "#include <common>\nvarying vec2 drapeAt;\nuniform sampler2D drapeMap;\nuniform vec4 drapeFrame;\nuniform float drapeOn;")
        .replace(
          "#include <opaque_fragment>",
          `#include <opaque_fragment>
          vec2 drapeUv = (drapeAt - drapeFrame.xy) / drapeFrame.zw;
          if (drapeOn > 0.5 && all(greaterThanEqual(drapeUv, vec2(0.0))) && all(lessThan(drapeUv, vec2(1.0)))) {
            vec4 drapeColour = texture2D(drapeMap, drapeUv);
            gl_FragColor.rgb = mix(gl_FragColor.rgb, drapeColour.rgb, drapeColour.a);
          }`,
        );
    };
    return material;
  }
}
