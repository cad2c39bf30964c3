export function featuresJob(library: object, random: object, wasm?: string): Promise<string>;
export const FEATURES_HASH: string;
