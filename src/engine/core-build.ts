/** A build of the core other than the embedded one. */
export interface CoreBuild {
  readonly name: string;
  /** Packed as text; undefined in a checkout where only the base builds were compiled. */
  readonly wasm: string | undefined;
  /** Why this runtime cannot run it; undefined if it can. */
  unsupported(): string | undefined;
}

/** Why `build` cannot be used; undefined if it can. */
export function whyNot(build: CoreBuild): string | undefined {
  if (build.wasm === undefined) return `${build.name} is not compiled; run npm run build -- --all`;
  return build.unsupported();
}
