/** What is used of onnxruntime-web, which only this folder installs. */
export interface Runtime {
  readonly Tensor: new (type: string, data: ArrayLike<unknown>, shape: readonly number[]) => object;
  readonly InferenceSession: {
    create(bytes: Uint8Array): Promise<{
      run(feeds: object): Promise<Record<string, { readonly data: Float32Array }>>;
      release(): Promise<void>;
    }>;
  };
}

/** See feeds.mjs. */
export function feedsOf(ort: Runtime, data: { readonly size: number }): object;
