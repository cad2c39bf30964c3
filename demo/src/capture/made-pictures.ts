/** Drawn stand-ins for what a camera would see: a bell, a drum, a rain cloud, each a little different. */
import type { Random } from "altermodal";
import { SIDE } from "./pair.ts";
import { pixelContext, readPixels } from "./pixels.ts";

type Draw = (context: OffscreenCanvasRenderingContext2D, size: number) => void;
export type Thing = "bell" | "drum" | "rain";
export const THINGS: readonly Thing[] = ["bell", "drum", "rain"];

/** More than a full turn. */
const ROUND = 7;

const DRAWINGS: Readonly<Record<Thing, Draw>> = {
  bell(context, size) {
    context.beginPath();
    context.moveTo(-size * 0.5, size * 0.35);
    context.quadraticCurveTo(-size * 0.3, size * 0.2, -size * 0.3, -size * 0.15);
    context.quadraticCurveTo(0, -size * 0.75, size * 0.3, -size * 0.15);
    context.quadraticCurveTo(size * 0.3, size * 0.2, size * 0.5, size * 0.35);
    context.closePath();
    context.fill();
    context.beginPath();
    context.arc(0, size * 0.46, size * 0.1, 0, ROUND);
    context.fill();
  },
  drum(context, size) {
    context.fillRect(-size * 0.5, -size * 0.15, size, size * 0.5);
    context.beginPath();
    context.ellipse(0, -size * 0.15, size * 0.5, size * 0.16, 0, 0, ROUND);
    context.stroke();
    context.beginPath();
    context.moveTo(-size * 0.2, -size * 0.25);
    context.lineTo(-size * 0.5, -size * 0.6);
    context.moveTo(size * 0.2, -size * 0.25);
    context.lineTo(size * 0.5, -size * 0.6);
    context.stroke();
  },
  rain(context, size) {
    context.beginPath();
    context.arc(-size * 0.22, -size * 0.2, size * 0.22, 0, ROUND);
    context.arc(size * 0.05, -size * 0.3, size * 0.28, 0, ROUND);
    context.arc(size * 0.3, -size * 0.17, size * 0.2, 0, ROUND);
    context.fill();
    context.beginPath();
    for (const x of [-0.3, -0.05, 0.2]) {
      context.moveTo(x * size, size * 0.1);
      context.lineTo((x - 0.1) * size, size * 0.45);
    }
    context.stroke();
  },
};

/** [SIDE, SIDE, 3]: of some size, at some place, in some colours, with a camera's noise. */
export function drawThing(thing: Thing, random: Random): Uint8Array {
  const context = pixelContext();
  const between = (low: number, high: number) => low + (high - low) * random.float();
  const colour = (low: number, high: number) =>
    `rgb(${Array.from({ length: 3 }, () => Math.floor(between(low, high))).join(" ")})`;
  context.fillStyle = colour(150, 240);
  context.fillRect(0, 0, SIDE, SIDE);
  context.translate(SIDE * between(0.4, 0.6), SIDE * between(0.42, 0.62));
  context.rotate(between(-0.25, 0.25));
  context.fillStyle = colour(20, 140);
  context.strokeStyle = colour(10, 110);
  context.lineWidth = 1.6;
  DRAWINGS[thing](context, SIDE * between(0.6, 0.9));
  const clean = readPixels(context);
  return clean.map((byte) => Math.max(0, Math.min(255, Math.round(byte + 14 * random.normal()))));
}
