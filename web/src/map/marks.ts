/** The status shapes as map images, drawn on a canvas from the tokens: ring, triangle, diamond, square, dash. */
import type { Map as MapLibre } from "maplibre-gl";

import { token } from "@/design/appearance";

const side = 16;
/** Drawn four times as large as shown, so that a wall at twice the scale stays sharp. */
const density = 4;

type Draw = (pen: CanvasRenderingContext2D, colour: string) => void;
const polygon = (points: [number, number][]): Draw => (pen, colour) => {
  pen.beginPath();
  points.forEach(([x, y]) => pen.lineTo(x, y));
  pen.closePath();
  pen.fillStyle = colour;
  pen.fill();
};
const disc = (pen: CanvasRenderingContext2D, radius: number) => {
  pen.globalAlpha = 0.55;
  pen.beginPath();
  pen.arc(8, 8, radius, 0, Math.PI * 2);
  pen.fillStyle = token("--bg");
  pen.fill();
  pen.globalAlpha = 1;
};

const shapes: Record<string, Draw> = {
  ok: (pen, colour) => {
    disc(pen, 4);
    pen.beginPath();
    pen.arc(8, 8, 2.4, 0, Math.PI * 2);
    pen.lineWidth = 1.5;
    pen.strokeStyle = colour;
    pen.stroke();
  },
  watch: (pen, colour) => {
    disc(pen, 7);
    polygon([[8, 3.5], [12.5, 12], [3.5, 12]])(pen, colour);
  },
  urgent: (pen, colour) => {
    disc(pen, 8);
    polygon([[8, 2.5], [13.5, 8], [8, 13.5], [2.5, 8]])(pen, colour);
  },
  late: (pen, colour) => {
    disc(pen, 8);
    pen.fillStyle = colour;
    pen.fillRect(2.5, 2.5, 11, 11);
    pen.lineWidth = 1.25;
    pen.strokeStyle = token("--text-1");
    pen.strokeRect(2.5, 2.5, 11, 11);
  },
  none: (pen, colour) => {
    disc(pen, 4);
    pen.fillStyle = colour;
    pen.fillRect(5, 7, 6, 2);
  },
};

export function addMarks(map: MapLibre): void {
  for (const [status, draw] of Object.entries(shapes)) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side * density;
    const pen = canvas.getContext("2d");
    if (!pen) continue;
    pen.scale(density, density);
    draw(pen, token(status === "none" ? "--nodata" : `--${status}`));
    const image = pen.getImageData(0, 0, canvas.width, canvas.height);
    if (map.hasImage(`status-${status}`)) map.removeImage(`status-${status}`);
    map.addImage(`status-${status}`, image, { pixelRatio: density });
  }
}
