import { describe, expect, it } from "vitest";
import { createFeatures, resize } from "../../../src/features/index.ts";
import { picture, pictureForm } from "../../../src/node/prepare/forms/picture.ts";

/** 6 x 4: two columns of red, two whose green goes down the rows, two of blue. */
const rgb = Uint8Array.from({ length: 6 * 4 * 3 }, (_, i) => {
  const [channel, column, row] = [i % 3, Math.floor(i / 3) % 6, Math.floor(i / 18)];
  if (channel !== column >> 1) return 0;
  return channel === 1 ? 60 * row + 20 : 240;
});
const whole = { width: 6, height: 4, channels: 3, data: rgb };
const features = await createFeatures();

async function read(settings: Partial<Parameters<typeof picture>[0]>) {
  const { settings: full } = picture({ side: 2, ...settings });
  const tools = { features, ffmpeg: {}, read: never, note: never };
  return [...(await pictureForm.read({ pixels: whole }, full as never, tools))];
}

const never = () => Promise.reject(new Error("no file is read"));

describe("picture form", () => {
  it("resizes as resize() of altermodal/features does", async () => {
    const small = resize(features, whole, { width: 2, height: 2 });
    expect(await read({ fit: "stretch" })).toEqual([...small.data]);
  });

  it("cuts the square in the middle, or adds white above and below", async () => {
    const cut = await read({ fit: "crop" });
    // A row of the square is red, green, green, blue.
    expect(cut[0]).toBeGreaterThan(50);
    expect(cut[2]).toBeLessThan(30);
    const padded = await read({ fit: "pad", side: 6 });
    expect(padded.slice(0, 18)).toEqual(new Array(18).fill(255));
    expect(padded.slice(18, 90)).toEqual([...rgb]);
    expect(padded.slice(90)).toEqual(new Array(18).fill(255));
  });

  it("weighs colours as Pillow does where grey is wanted", async () => {
    const grey = await read({ fit: "pad", side: 6, channels: 1 });
    expect([grey[6], grey[8], grey[10]]).toEqual([72, 12, 27]);
  });
});
