import { readFile } from "node:fs/promises";
import { createServer, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { text } from "node:stream/consumers";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wav": "audio/wav",
  ".webmanifest": "application/manifest+json",
};

/** With these a page is cross-origin isolated: it may share memory among threads. */
export const ISOLATION: OutgoingHttpHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export interface ServeOptions {
  /** Folder by the path that it appears under: `{ "/": "demo/dist", "/dist/": "dist" }`; the longest that fits serves. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Text by path, before the folders. */
  readonly pages?: Readonly<Record<string, string>>;
  /** Sent with everything; default: {@link ISOLATION}. */
  readonly headers?: OutgoingHttpHeaders;
  /** Told what pages post, whatever the path. */
  readonly posted?: (body: string) => void;
  /** Default: any that is free. */
  readonly port?: number;
}

export interface StaticServer {
  /** `http://localhost:PORT`, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves files on a port of this machine, to this machine alone. @throws {Error} if the port is taken */
export async function serveStatic({
  folders = {},
  pages = {},
  headers = ISOLATION,
  posted,
  port: wanted = 0,
}: ServeOptions): Promise<StaticServer> {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  const read = async (path: string): Promise<string | Buffer> => {
    const page = pages[path];
    if (page !== undefined) return page;
    const prefix = prefixes.find((p) => path.startsWith(p));
    if (prefix === undefined) throw new Error("no such path");
    return readFile(join(folders[prefix] as string, path.slice(prefix.length)));
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    // Without "..": `normalize` resolves them, and URL has done so before.
    const path =
      normalize(decodeURIComponent(pathname)) + (pathname.endsWith("/") ? "index.html" : "");
    try {
      if (request.method === "POST" && posted !== undefined) {
        posted(await text(request));
        response.writeHead(204).end();
        return;
      }
      const body = await read(path);
      const type = TYPES[extname(path)] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store", ...headers });
      response.end(body);
    } catch {
      response.writeHead(404, { "Content-Type": "text/plain" }).end(`not found: ${path}`);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
