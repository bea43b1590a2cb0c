// How finely this device can draw: many pixels for each of the screen's, which smooths edges, where that is quick; few where it is slow.

const RATIOS = [0.5, 0.7, 1, 1.4, 2]; // pixels drawn for each pixel of CSS, along a side
const MOVING = 40; // milliseconds of a frame that still feels like moving
const RESTING = 250; // of one that is waited for when all has come to rest
const FIXED = 0.3; // share of a frame's time that does not depend on its pixels: what is drawn many times over, corners rather than faces

export class Sharpness {
  /** milliseconds of a frame with one pixel for each of CSS */
  private cost = 0;

  get known(): boolean {
    return this.cost > 0;
  }

  get moving(): number {
    return this.finest(MOVING);
  }

  get resting(): number {
    return Math.max(this.finest(RESTING), 1);
  }

  /** Learns from a frame that took so many milliseconds at a ratio. */
  took(milliseconds: number, ratio: number): void {
    const now = milliseconds / share(ratio);
    this.cost = this.known ? (this.cost + now) / 2 : now;
  }

  private finest(most: number): number {
    if (!this.known) return 1;
    return [...RATIOS].reverse().find((ratio) => this.cost * share(ratio) <= most) ?? RATIOS[0]!;
  }
}

function share(ratio: number): number {
  return FIXED + (1 - FIXED) * ratio * ratio;
}
