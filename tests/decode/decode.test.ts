/** What the decoders of browsers do before and around the browser's own part; tests/browser/decode.test.ts has the rest. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { decodePicture, decodeSound, decodeWav } from "../../src/decode/index.ts";
import { decodeWav as decodeInNode } from "../../src/node/decode/index.ts";
import { claimJpegSize, claimPngSize, plainPng, RED_JPEG, wavFile } from "../support/files.ts";

afterEach(() => vi.unstubAllGlobals());

/** Stands for a browser's decoders, which must not be reached. */
function browserThatMustNotDecode() {
  const decode = vi.fn();
  vi.stubGlobal("createImageBitmap", decode);
  vi.stubGlobal("OffscreenCanvas", class {});
  vi.stubGlobal(
    "OfflineAudioContext",
    class {
      decodeAudioData = decode;
    },
  );
  return decode;
}

describe("decoders of browsers", () => {
  it("say what to do where there are none", async () => {
    const refused = (message: string) =>
      expect.objectContaining({
        code: "ERR_UNSUPPORTED",
        message: expect.stringMatching(message),
      });
    await expect(decodePicture(plainPng(1, 1, [0]), "a.png")).rejects.toThrow(
      refused("^a.png: Cannot decode a picture here: .* in Node by altermodal/decode$"),
    );
    const sound = refused("^a.wav: Cannot decode a sound here: .* in a page and send the samples");
    await expect(decodeSound(wavFile([0]), 16000, "a.wav")).rejects.toThrow(sound);
  });

  it("read a WAV that is not compressed without any, as Node does", async () => {
    const bytes = wavFile([0, 0.5, -0.5, 0.25], { channels: 2 });
    expect(await decodeWav(bytes)).toEqual(await decodeInNode(bytes));
    expect(await decodeSound(bytes, 8000)).toEqual(await decodeInNode(bytes));
  });

  it.each([
    ["a claim of 100,000 x 100,000", claimPngSize(100_000, 100_000), "got 100000 x 100000"],
    ["a claim of 60,000 x 60,000", claimJpegSize(60_000, 60_000), "got 60000 x 60000"],
    ["no pixels", claimPngSize(0, 5), "got 0 x 5"],
    ["an empty file", new Uint8Array(0), "got an empty file"],
    ["a sound", wavFile([0]), "expected a PNG, JPEG or WebP picture, got a wav file"],
    ["a header cut off", RED_JPEG.subarray(0, 30), "expected a whole jpeg header"],
  ])("refuse a picture of %s before anything is decoded", async (_name, bytes, message) => {
    const decode = browserThatMustNotDecode();
    await expect(decodePicture(bytes, "cat.png")).rejects.toThrow(
      expect.objectContaining({
        code: "ERR_DATA_FORMAT",
        message: expect.stringContaining(message),
      }),
    );
    expect(decode).not.toHaveBeenCalled();
  });

  it.each([
    ["a size that lies", wavFile([0, 0.5]).subarray(0, 46), 'in chunk "data"'],
    ["an empty file", new Uint8Array(0), "got an empty file"],
    ["a compressed file beyond 64 MiB", new Uint8Array(2 ** 26 + 1), "got 67108865"],
  ])("refuse a sound of %s before anything is decoded", async (_name, bytes, message) => {
    const decode = browserThatMustNotDecode();
    await expect(decodeSound(bytes, 8000, "a.ogg")).rejects.toThrow(
      expect.objectContaining({
        code: "ERR_DATA_FORMAT",
        message: expect.stringContaining(message),
      }),
    );
    expect(decode).not.toHaveBeenCalled();
  });

  it("refuse what is no file, a file of a gigabyte, and a rate that is none", async () => {
    browserThatMustNotDecode();
    await expect(decodePicture("cat.png" as never)).rejects.toThrow(
      "picture: Cannot decode the file: expected a Blob or bytes, got string",
    );
    const huge = Object.assign(new Blob(["x"]), {});
    Object.defineProperty(huge, "size", { value: 2 ** 30 });
    await expect(decodePicture(huge, "huge.png")).rejects.toThrow("at most 536870912 bytes");
    await expect(decodeSound(wavFile([0]), Number.NaN)).rejects.toThrow(
      expect.objectContaining({ code: "ERR_OPTION" }),
    );
  });
});
