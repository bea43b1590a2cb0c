// Moving about: turning round the town from above, or walking at eye height; by mouse, fingers and keys.

import * as THREE from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";

export const EYE = 1.6; // metres
const STEP = 2.5; // metres a key press walks
const TURN = 6; // degrees a key press turns

export class Navigation {
  mode: "orbit" | "walk" = "orbit";
  private readonly orbit: OrbitControls;
  private heading = 0; // radians clockwise from north
  private pitch = 0;
  private dragged: { x: number; y: number } | null = null;

  constructor(
    private readonly camera: THREE.PerspectiveCamera,
    private readonly canvas: HTMLCanvasElement,
    private readonly changed: () => void,
    private readonly groundAt: (x: number, y: number) => number | undefined,
    private readonly standNear: (target: THREE.Vector3, way: THREE.Vector3) => { from: THREE.Vector3; way: THREE.Vector3 },
  ) {
    this.orbit = new OrbitControls(camera, canvas);
    this.orbit.maxPolarAngle = Math.PI / 2 - 0.03;
    this.orbit.minDistance = 8;
    this.orbit.maxDistance = 2500;
    this.orbit.screenSpacePanning = false;
    this.orbit.zoomToCursor = true;
    this.orbit.addEventListener("change", changed);
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("pointerdown", (event) => (this.dragged = { x: event.clientX, y: event.clientY }));
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) canvas.addEventListener(end, () => (this.dragged = null));
  }

  /** While something else is dragged on the canvas, the town stays where it is. */
  hold(held: boolean): void {
    this.orbit.enabled = !held && this.mode === "orbit";
    if (held) this.dragged = null;
  }

  orbitFrom(from: THREE.Vector3, target: THREE.Vector3): void {
    this.mode = "orbit";
    this.orbit.enabled = true;
    this.camera.position.copy(from);
    this.orbit.target.copy(target);
    this.orbit.update();
    this.changed();
  }

  walkFrom(from: THREE.Vector3, target: THREE.Vector3): void {
    this.mode = "walk";
    this.orbit.enabled = false;
    const way = target.clone().sub(from);
    this.heading = Math.atan2(way.x, -way.z);
    this.pitch = Math.atan2(way.y, Math.hypot(way.x, way.z));
    this.camera.position.copy(from);
    this.orbit.target.copy(target);
    this.turn();
  }

  /** Down to the street where one looks. */
  walk(): void {
    const { from, way } = this.standNear(this.orbit.target, this.camera.getWorldDirection(new THREE.Vector3()).setY(0).normalize());
    this.walkFrom(from, from.clone().addScaledVector(way, 30));
  }

  /** Up again, looking at where one stood. */
  fly(): void {
    const here = this.camera.position.clone();
    const back = this.camera.getWorldDirection(new THREE.Vector3()).setY(0).normalize().multiplyScalar(-120);
    this.orbitFrom(here.clone().add(back).add(new THREE.Vector3(0, 90, 0)), here);
  }

  target(): THREE.Vector3 {
    return this.mode === "orbit" ? this.orbit.target.clone() : this.camera.position.clone().add(this.camera.getWorldDirection(new THREE.Vector3()).multiplyScalar(30));
  }

  /** Called before each frame. */
  before(): void {
    const distance = this.camera.position.distanceTo(this.orbit.target);
    const near = this.mode === "walk" ? 0.3 : Math.max(1, distance / 60);
    if (Math.abs(near - this.camera.near) > near * 0.2) {
      this.camera.near = near;
      this.camera.far = Math.max(3000, distance * 6);
      this.camera.updateProjectionMatrix();
    }
  }

  private turn(): void {
    const flat = Math.cos(this.pitch);
    const way = new THREE.Vector3(Math.sin(this.heading) * flat, Math.sin(this.pitch), -Math.cos(this.heading) * flat);
    this.camera.lookAt(this.camera.position.clone().add(way));
    this.changed();
  }

  private drag(event: PointerEvent): void {
    if (this.mode !== "walk" || !this.dragged) return;
    const turnBy = ((this.camera.fov * Math.PI) / 180 / this.canvas.clientHeight) * 1.2;
    this.heading -= (event.clientX - this.dragged.x) * turnBy;
    this.pitch = THREE.MathUtils.clamp(this.pitch + (event.clientY - this.dragged.y) * turnBy, -1.2, 1.2);
    this.dragged = { x: event.clientX, y: event.clientY };
    this.turn();
  }

  private key(event: KeyboardEvent): void {
    const { key, shiftKey } = event;
    const [forward, side, turn, tilt, zoom] = [
      key === "ArrowUp" ? 1 : key === "ArrowDown" ? -1 : 0,
      key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0,
      key === "q" ? -1 : key === "e" ? 1 : 0,
      key === "PageUp" ? 1 : key === "PageDown" ? -1 : 0,
      key === "+" ? 1 : key === "-" ? -1 : 0,
    ];
    if (!forward && !side && !turn && !tilt && !zoom) return;
    event.preventDefault();
    if (this.mode === "walk") {
      const step = (forward + zoom) * STEP * (shiftKey ? 4 : 1);
      const place = this.camera.position;
      place.x += Math.sin(this.heading) * step;
      place.z -= Math.cos(this.heading) * step;
      const ground = this.groundAt(place.x, -place.z);
      if (ground !== undefined) place.y = ground + EYE;
      this.heading += ((side + turn) * TURN * Math.PI) / 180;
      this.pitch = THREE.MathUtils.clamp(this.pitch + (tilt * TURN * Math.PI) / 180, -1.2, 1.2);
      this.turn();
      return;
    }
    const target = this.orbit.target;
    const arm = this.camera.position.clone().sub(target);
    const round = new THREE.Spherical().setFromVector3(arm);
    if (shiftKey) {
      const ahead = arm.clone().setY(0).normalize().multiplyScalar(-forward * round.radius * 0.08);
      const across = new THREE.Vector3(-arm.z, 0, arm.x).normalize().multiplyScalar(-side * round.radius * 0.08);
      target.add(ahead).add(across);
    } else {
      round.theta -= ((side + turn) * TURN * Math.PI) / 180;
      round.phi = THREE.MathUtils.clamp(round.phi - ((forward + tilt) * TURN * Math.PI) / 180, 0.05, this.orbit.maxPolarAngle);
      round.radius = THREE.MathUtils.clamp(round.radius * (1 - zoom * 0.12), this.orbit.minDistance, this.orbit.maxDistance);
    }
    this.camera.position.setFromSpherical(round).add(target);
    this.orbit.update();
    this.changed();
  }
}
