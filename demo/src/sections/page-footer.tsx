import { alternating, own } from "../state/app-state.ts";

/** Whose artwork is shown, and how to get at the code. */
export function PageFooter() {
  const lines = new Set([alternating, own].flatMap(({ info }) => info.value?.attribution ?? []));
  return (
    <footer>
      <p>
        MLA: Zhang, Yoon, Bansal, Yao, “Multimodal Representation Learning by Alternating Unimodal
        Adaptation”, CVPR 2024. Trained by altermodal, MIT licence.
      </p>
      {[...lines].map((line) => (
        <p key={line}>{line}</p>
      ))}
    </footer>
  );
}
