// A QR code as a drawing.

import qrcode from "qrcode-generator";

const LONGEST = 2300; // bytes that a camera still reads from a screen

/** The code of a text; undefined where it is too long for one. */
export function qr(text: string): SVGSVGElement | undefined {
  if (text.length > LONGEST) return undefined;
  const code = qrcode(0, "L");
  code.addData(text, "Byte");
  code.make();
  const size = code.getModuleCount();
  const quiet = 4;
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", `0 0 ${size + 2 * quiet} ${size + 2 * quiet}`);
  let path = "";
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) if (code.isDark(row, column)) path += `M${column + quiet} ${row + quiet}h1v1h-1z`;
  }
  const ground = document.createElementNS(space, "rect");
  const dark = document.createElementNS(space, "path");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", "#fff");
  dark.setAttribute("d", path);
  dark.setAttribute("fill", "#000");
  svg.append(ground, dark);
  return svg;
}
