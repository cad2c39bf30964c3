import { useState } from "preact/hooks";
import { kilobytes } from "../parts/format.ts";
import { ModelChoice } from "../parts/model-choice.tsx";
import { offerFile } from "../parts/offer-file.ts";
import { Section } from "../parts/section.tsx";
import { chosen } from "../state/app-state.ts";
import { keep } from "../state/kept-models.ts";
import { openModelFile } from "../state/open-model.ts";
import type { Studio } from "../state/studio.ts";
import { KeptList } from "./kept-list.tsx";

export function KeepSection() {
  const studio = chosen.value;
  const [said, setSaid] = useState("");
  const report = (work: Promise<string>) => {
    work.then(setSaid, (error: unknown) => {
      setSaid(
        `${error instanceof Error ? error.message : error}. The model that was here is kept.`,
      );
    });
  };
  return (
    <Section
      id="keep"
      title="Take it along"
      lead="A model is one file: weights, classes and fusion in the open safetensors format. It opens here, in Node, and wherever JavaScript runs; as ONNX it runs elsewhere, too."
    >
      <div class="controls">
        {studio.version.value > 0 && (
          <>
            <ModelChoice name="keep-model" />
            <button type="button" class="primary" onClick={() => report(save(studio))}>
              Save the file
            </button>
            <button type="button" onClick={() => report(saveOnnx(studio))}>
              Export ONNX
            </button>
            <button type="button" onClick={() => report(keep(studio))}>
              Keep in this browser
            </button>
          </>
        )}
        <label class="button">
          Open a file
          <input
            type="file"
            class="visually-hidden"
            accept=".safetensors"
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              if (file !== undefined) report(open(file));
            }}
          />
        </label>
      </div>
      <p class="hint" aria-live="polite">
        {said}
      </p>
      <KeptList report={report} />
      <p>In Node, after npm install altermodal:</p>
      <pre>
        <code>{nodeLines(studio)}</code>
      </pre>
    </Section>
  );
}

function fileName({ title }: Studio, ending: string): string {
  return `altermodal-${title.toLowerCase()}.${ending}`;
}

async function save(studio: Studio): Promise<string> {
  const name = fileName(studio, "safetensors");
  const bytes = await studio.save();
  offerFile(name, bytes);
  return `Saved ${kilobytes(bytes.length)} as ${name}.`;
}

async function saveOnnx(studio: Studio): Promise<string> {
  const name = fileName(studio, "onnx");
  const bytes = await studio.onnx();
  offerFile(name, bytes);
  return `Saved ${kilobytes(bytes.length)} as ${name}: the fusion is in its graph, and either sense may be missing.`;
}

async function open(file: File): Promise<string> {
  const { studio, hash } = await openModelFile(new Uint8Array(await file.arrayBuffer()));
  const same = hash !== null && hash === studio.outcome.value?.hash;
  const bits = same ? " The same bits as were trained here." : "";
  return `Opened ${file.name} as ${studio.title}.${bits} Weights ${hash?.slice(0, 16) ?? "not hashed"}.`;
}

/** The three lines that open the file and predict with one modality missing. */
function nodeLines(studio: Studio): string {
  const views = Object.entries(studio.info.value?.parts.validation.views ?? {});
  const [words] = views.find(([, { kind }]) => kind === "words") ?? [];
  const sample = words === undefined ? "…" : `{ ${words}: "crying face" }`;
  return [
    'import { readFileSync } from "node:fs";',
    'import { loadModel } from "altermodal";',
    `console.log((await loadModel(readFileSync("${fileName(studio, "safetensors")}"))).predict(${sample}));`,
  ].join("\n");
}
