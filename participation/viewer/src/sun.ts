// Where the sun stands, to 0.02 degrees from 1950 to 2050: the low-precision formulas of the Astronomical Almanac.
// Source: The Astronomical Almanac, section C ("Low precision formulas for the Sun"). Without refraction, as analyses/sun.py has it.

export interface SunPosition {
  /** degrees from true north, clockwise */
  azimuth: number;
  /** degrees above the horizon */
  elevation: number;
}

const RADIANS = Math.PI / 180;

/** milliseconds : of UTC since 1970. latitude, longitude : degrees, north and east positive. */
export function sunPosition(milliseconds: number, latitude: number, longitude: number): SunPosition {
  const days = milliseconds / 86_400_000 + 2440587.5 - 2451545.0;
  const anomaly = (357.528 + 0.9856003 * days) * RADIANS;
  const meanLongitude = 280.46 + 0.9856474 * days;
  const ecliptic = (meanLongitude + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RADIANS;
  const obliquity = (23.439 - 0.0000004 * days) * RADIANS;
  const ascension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic));
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(ecliptic));
  const sidereal = (280.46061837 + 360.98564736629 * days + longitude) * RADIANS;
  const hour = sidereal - ascension;
  const phi = latitude * RADIANS;
  const height = Math.asin(Math.sin(phi) * Math.sin(declination) + Math.cos(phi) * Math.cos(declination) * Math.cos(hour)) / RADIANS;
  const south = Math.atan2(Math.sin(hour), Math.cos(hour) * Math.sin(phi) - Math.tan(declination) * Math.cos(phi));
  return { azimuth: (south / RADIANS + 180 + 360) % 360, elevation: height };
}

/** The moment that clocks in a time zone show, as milliseconds of UTC. day : "2025-03-21". minutes : since midnight. */
export function momentOf(day: string, minutes: number, zone: string): number {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000;
  // Twice, because the first guess may lie on the other side of a change of clocks.
  let moment = asUtc - offsetAt(asUtc, zone);
  moment = asUtc - offsetAt(moment, zone);
  return moment;
}

/** Milliseconds by which clocks of a zone are ahead of UTC. */
export function offsetAt(moment: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(moment);
  const read = (type: string): number => Number(parts.find((part) => part.type === type)!.value);
  const clock = Date.UTC(read("year"), read("month") - 1, read("day"), read("hour"), read("minute"), read("second"));
  return clock - Math.floor(moment / 1000) * 1000;
}
