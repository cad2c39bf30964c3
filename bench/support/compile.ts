import asc from "assemblyscript/asc";

/** What a piece of AssemblyScript exports, compiled as the cores are, with 1 MiB of memory of its own. */
export async function compile<Exports>(what: string, source: string): Promise<Exports> {
  const { binary, stderr } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: "stub",
    enable: ["simd"],
    initialMemory: 16,
  });
  if (binary === null) throw new Error(`bench: ${what} does not compile: ${stderr}`);
  const { instance } = await WebAssembly.instantiate(new Uint8Array(binary), {});
  return instance.exports as Exports;
}
