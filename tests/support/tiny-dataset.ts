import { fromArrays } from "../../src/data/from-arrays.ts";

/** Three samples, two classes; "b" lacks the image, "c" the text. */
export function createTiny() {
  return fromArrays({
    modalities: {
      image: [
        [
          [1, 2],
          [3, 4],
        ],
        null,
        [
          [5, 6],
          [7, 8],
        ],
      ],
      text: ["Red ball", "blue ball!", undefined],
    },
    labels: ["cat", "dog", "cat"],
    ids: ["a", "b", "c"],
    groups: ["x", "y", "x"],
  });
}
