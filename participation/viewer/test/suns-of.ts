// Where the page puts the sun at the moments in a file, and which moment it takes clock times for.

import { readFileSync } from "node:fs";

import { momentOf, sunPosition } from "../src/sun";

const asked = JSON.parse(readFileSync(process.argv[2]!, "utf8"));
console.log(
  JSON.stringify({
    suns: asked.moments.map(([milliseconds, latitude, longitude]: [number, number, number]) => sunPosition(milliseconds, latitude, longitude)),
    clocks: asked.clocks.map(([day, minutes, zone]: [string, number, string]) => momentOf(day, minutes, zone)),
  }),
);
