/**
 * The samples of a dataset as an exported graph takes them.
 *
 * @param ort - onnxruntime-web, or another build of it
 */
export function feedsOf(ort, data) {
  const feeds = {};
  for (const [name, modality] of Object.entries(data.modalities)) {
    const present = modality.present ?? new Uint8Array(data.size).fill(1);
    feeds[`${name}.present`] = new ort.Tensor("bool", present, [data.size]);
    if (modality.kind === "dense") {
      const shape = [data.size, ...modality.shape];
      const { bytes, values } = modality;
      feeds[name] = bytes
        ? new ort.Tensor("uint8", bytes, shape)
        : new ort.Tensor("float32", values, shape);
      continue;
    }
    const { ids, offsets } = modality;
    const lists = Array.from({ length: data.size }, (_, i) =>
      ids.subarray(offsets[i], offsets[i + 1]),
    );
    const longest = Math.max(1, ...lists.map(({ length }) => length));
    const padded = new BigInt64Array(data.size * longest).fill(-1n);
    lists.forEach((list, i) => {
      list.forEach((id, k) => {
        padded[i * longest + k] = BigInt(id);
      });
    });
    feeds[name] = new ort.Tensor("int64", padded, [data.size, longest]);
  }
  return feeds;
}
