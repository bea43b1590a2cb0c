// Figures of the proposals in a file, for the tests that hold them against Python's.

import { readFileSync } from "node:fs";

import { fromGeoJson } from "../src/own/proposal";
import { figuresOf } from "../src/figures";

const asked = JSON.parse(readFileSync(process.argv[2]!, "utf8"));
const ground = asked.ground && { ...asked.ground, heights: Float32Array.from(asked.ground.heights, (height: number | null) => height ?? NaN) };
console.log(JSON.stringify(asked.proposals.map((one: object) => figuresOf(fromGeoJson(one, asked.origin), asked.land, ground))));
