import { useState } from "preact/hooks";
import { kilobytes } from "../parts/format.ts";
import { ModelChoice } from "../parts/model-choice.tsx";
import { NeedsModel } from "../parts/needs-model.tsx";
import { offerFile } from "../parts/offer-file.ts";
import { Section } from "../parts/section.tsx";
import { chosen } from "../state/app-state.ts";
import type { Studio } from "../state/studio.ts";

export function KeepSection() {
  const studio = chosen.value;
  return (
    <Section
      id="keep"
      title="Take it along"
      lead="A model is one file: weights, classes and fusion in the open safetensors format. It opens here, in Node, and wherever JavaScript runs."
    >
      {studio.version.value === 0 ? (
        <NeedsModel what="The file" />
      ) : (
        <Keep key={studio.title} studio={studio} />
      )}
    </Section>
  );
}

function Keep({ studio }: { readonly studio: Studio }) {
  const [said, setSaid] = useState("");
  const name = `altermodal-${studio.title.toLowerCase()}.safetensors`;
  const save = async () => {
    const bytes = await studio.save();
    offerFile(name, bytes);
    setSaid(`Saved ${kilobytes(bytes.length)} as ${name}.`);
  };
  const open = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      const hash = await studio.load(new Uint8Array(await file.arrayBuffer()));
      const same = hash !== null && hash === studio.outcome.value?.hash;
      setSaid(
        `Opened ${file.name}. ${same ? "The same bits as were trained here." : ""} Weights ${hash?.slice(0, 16) ?? "not hashed"}.`,
      );
    } catch (error) {
      setSaid(
        `${error instanceof Error ? error.message : error}. The model that was here is kept.`,
      );
    }
  };
  return (
    <>
      <div class="controls">
        <ModelChoice name="keep-model" />
        <button type="button" class="primary" onClick={() => void save()}>
          Save the file
        </button>
        <label class="button">
          Open a file
          <input
            type="file"
            class="visually-hidden"
            accept=".safetensors"
            onChange={({ currentTarget }) => void open(currentTarget.files?.[0])}
          />
        </label>
      </div>
      <p class="hint" aria-live="polite">
        {said}
      </p>
      <p>In Node, after npm install altermodal:</p>
      <pre>
        <code>{nodeLines(name, studio)}</code>
      </pre>
    </>
  );
}

/** The three lines that open the file and predict with one modality missing. */
function nodeLines(name: string, { info }: Studio): string {
  const words = Object.entries(info.value?.parts.validation.views ?? {}).find(
    ([, view]) => view.kind === "words",
  );
  const sample = words === undefined ? "…" : `{ ${words[0]}: "crying face" }`;
  return [
    'import { readFileSync } from "node:fs";',
    'import { loadModel } from "altermodal";',
    `console.log((await loadModel(readFileSync("${name}"))).predict(${sample}));`,
  ].join("\n");
}
