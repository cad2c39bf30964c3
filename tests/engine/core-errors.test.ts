import { afterEach, describe, expect, it, vi } from "vitest";
import { compileCore } from "../../src/engine/core.ts";
import { createEngine } from "../../src/engine/create-engine.ts";
import { DataFormatError, OptionError, UnsupportedError } from "../../src/engine/errors.ts";
import { unpackWasm } from "../../src/engine/packed-wasm.ts";
import { SIMD_WASM } from "../../src/engine/wasm/simd.ts";
import * as slim from "../../src/slim/index.ts";
import { SMALL } from "../train/support.ts";

const bytes = unpackWasm(SIMD_WASM);
const WASM = { headers: { "content-type": "application/wasm" } };

afterEach(() => vi.restoreAllMocks());

describe("createEngine() of altermodal/slim", () => {
  it("takes a response (streamed), a URL, bytes or a module, and trains the bits of altermodal", async () => {
    const url = new URL(`data:application/wasm;base64,${Buffer.from(bytes).toString("base64")}`);
    const sources = [
      new Response(bytes, WASM),
      new Response(bytes),
      url,
      bytes,
      await compileCore(bytes),
    ];
    const want = await (await import("../../src/index.ts")).train({ ...SMALL, epochs: 1 }).finish();
    for (const wasm of sources) {
      const engine = await slim.createEngine({ wasm });
      const model = await slim.train({ ...SMALL, epochs: 1, engine }).finish();
      expect(model.save()).toEqual(want.save());
      expect((await slim.loadModel(model.save(), engine)).save()).toEqual(want.save());
    }
  });

  it("asks for what it lacks", async () => {
    await expect(slim.createEngine({} as never)).rejects.toThrow(OptionError);
    expect(() => slim.train({ ...SMALL } as never)).toThrow('Cannot run without "engine"');
  });
});

describe("a core that cannot be had", () => {
  it("is told apart: HTML, a missing file, a truncated one, no answer", async () => {
    const html = new Response("<!doctype html><title>404</title>", WASM);
    await expect(createEngine({ wasm: html })).rejects.toThrow(
      "expected WASM bytes, got an HTML page",
    );
    const missing = createEngine({ wasm: new Response("", { status: 404 }) });
    await expect(missing).rejects.toThrow(
      "got HTTP status 404; serve altermodal/engine.wasm there",
    );
    const cut = bytes.slice(0, 5000);
    await expect(createEngine({ wasm: cut })).rejects.toThrow("check the file for truncation");
    await expect(createEngine({ wasm: new Response(cut, WASM) })).rejects.toThrow(DataFormatError);
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
    const nowhere = createEngine({ wasm: new URL("https://example.org/engine.wasm") });
    await expect(nowhere).rejects.toThrow(
      "expected a file at https://example.org/engine.wasm, got no answer",
    );
  });

  it("is told to be refused by a security policy, with the remedy", async () => {
    vi.spyOn(WebAssembly, "compile").mockRejectedValue(
      new WebAssembly.CompileError(
        "WebAssembly.compile(): Refused to compile because 'unsafe-eval' ...",
      ),
    );
    await expect(createEngine()).rejects.toThrow(UnsupportedError);
    await expect(createEngine()).rejects.toThrow("add 'wasm-unsafe-eval' to script-src");
    vi.restoreAllMocks();
    vi.spyOn(WebAssembly, "Module").mockImplementation(function refuse() {
      throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder");
    });
    await expect(createEngine()).rejects.toThrow("add 'wasm-unsafe-eval' to script-src");
    vi.restoreAllMocks();
    vi.stubGlobal("WebAssembly", undefined);
    const none = expect(createEngine()).rejects.toThrow(
      "expected a runtime that allows WebAssembly, got none",
    );
    vi.unstubAllGlobals();
    await none;
  });
});
