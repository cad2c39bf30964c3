/** The libraries that are compared, and how each is started. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface PeerTime {
  readonly min: number;
  readonly median: number;
}

/** What a peer's script prints as its last line. */
export interface PeerResult {
  readonly version: string;
  readonly rows: Readonly<Record<string, PeerTime | { readonly fails: string }>>;
}

export interface Peer {
  readonly name: string;
  /** Program and arguments, but for `quick`, which comes last. */
  readonly command: readonly string[];
  /** Must be there; else the peer is skipped. */
  readonly needs: string;
  readonly install: string;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function torch(threads: number): Peer {
  return {
    name: `PyTorch ${threads}T`,
    command: ["/usr/bin/python3", here("torch_bench.py"), String(threads)],
    needs: "/usr/lib/python3/dist-packages/torch",
    install: "apt-get install python3-torch libopenblas0-pthread",
  };
}

function npm(name: string, script: string, folder: string, ...flags: string[]): Peer {
  return {
    name,
    command: [process.execPath, ...flags, here(script)],
    needs: here(`node_modules/${folder}`),
    install: "npm install --prefix bench/peers",
  };
}

export const PEERS: readonly Peer[] = [
  torch(1),
  torch(2),
  npm("jax-js", "jax.mjs", "@jax-js/jax"),
  npm("jax-js workers", "jax.mjs", "@jax-js/jax", "--import", here("browser-worker.mjs")),
  npm("tfjs wasm", "tfjs.mjs", "@tensorflow/tfjs-backend-wasm"),
  npm("onnxruntime-web", "onnx.mjs", "onnxruntime-web"),
  npm("meyda", "meyda.mjs", "meyda"),
  npm("sharp", "sharp.mjs", "sharp"),
  {
    name: "SciPy, Pillow",
    command: ["/usr/bin/python3", here("scipy_bench.py")],
    needs: "/usr/lib/python3/dist-packages/scipy",
    install: "apt-get install python3-scipy python3-pil",
  },
];

/** Runs a peer in a process of its own; gives its figures or why there are none. */
export function runPeer({ command, needs, install }: Peer, quick: boolean): PeerResult | string {
  if (!existsSync(needs)) return `not installed: ${install}`;
  const [program = "", ...args] = command;
  // Set to keep old OpenBLAS builds safe, these make its products slow and its threads stall.
  const { OPENBLAS_CORETYPE: _type, OPENBLAS_L2_SIZE: _size, ...env } = process.env;
  const { stdout, stderr, status } = spawnSync(program, [...args, quick ? "1" : "0"], {
    env,
    encoding: "utf8",
  });
  const last = stdout?.trim().split("\n").at(-1) ?? "";
  if (status !== 0 || !last.startsWith("{")) {
    return `stopped: ${stderr?.trim().split("\n").at(-1) ?? "no output"}`;
  }
  const result = JSON.parse(last) as PeerResult | { skipped: string };
  return "skipped" in result ? result.skipped : result;
}
