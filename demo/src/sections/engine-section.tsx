import { LineChart } from "../charts/line-chart.tsx";
import { Choice } from "../parts/choice.tsx";
import { kilobytes, megabytes, seconds } from "../parts/format.ts";
import { NeedsModel } from "../parts/needs-model.tsx";
import { Section } from "../parts/section.tsx";
import { alternating, joint, raceRuns, seed, threads } from "../state/app-state.ts";
import { longestTask } from "../state/longest-task.ts";
import type { Studio } from "../state/studio.ts";

const THREADS = [
  { value: "1", label: "one each" },
  { value: "auto", label: "all processors" },
] as const;

export function EngineSection() {
  const studios = [joint, alternating].filter(({ engine }) => engine.value !== null);
  return (
    <Section
      id="engine"
      title="The engine room"
      lead="Tensors and gradients run in WebAssembly, in a worker. The same seed gives the same bits, on any machine and any number of threads; memory stays flat."
    >
      <div class="toolbar">
        <Choice
          legend="Threads of the next training"
          name="threads"
          options={THREADS}
          value={threads.value === 1 ? "1" : "auto"}
          disabled={raceRuns.value}
          onChange={(value) => {
            threads.value = value === "1" ? 1 : "auto";
          }}
        />
      </div>
      {threads.value === "auto" && !crossOriginIsolated && (
        <p class="hint">
          One thread all the same: threads share memory, which browsers allow to pages that are sent
          with the headers <code>Cross-Origin-Opener-Policy: same-origin</code> and{" "}
          <code>Cross-Origin-Embedder-Policy: require-corp</code>. <code>npm run demo</code> sends
          them.
        </p>
      )}
      <p class="hint">{describeTasks()}</p>
      {studios.length === 0 ? (
        <NeedsModel what="What the engine did" />
      ) : (
        <div class="panels engines">
          {studios.map((studio) => (
            <EnginePanel key={studio.title} studio={studio} />
          ))}
        </div>
      )}
    </Section>
  );
}

function describeTasks(): string {
  const longest = longestTask.value;
  if (longest === null) return "This browser does not measure how long the page is blocked.";
  if (longest === 0) return "Since it was opened, nothing blocked this page for 50 ms or more.";
  return `The longest that anything blocked this page: ${Math.round(longest)} ms.`;
}

function EnginePanel({ studio }: { readonly studio: Studio }) {
  const { engine, outcome, traces, again, progress } = studio;
  const info = engine.value;
  const points = traces.value.map(({ at, bytes }) => [at, bytes] as const);
  const most = Math.max(1e6, ...points.map(([, bytes]) => bytes));
  const end = outcome.value;
  return (
    <article class="panel">
      <h3>{studio.title}</h3>
      <LineChart
        label={`Memory of the engine by epoch, now ${megabytes(points.at(-1)?.[1] ?? 0)}.`}
        lines={[{ name: "memory", points, shape: null, dashed: false, tone: "tone-ink" }]}
        width={520}
        height={130}
        xMax={progress.value?.epochs ?? 1}
        xTicks={[0, progress.value?.epochs ?? 1]}
        xName="epoch"
        yMax={most * 1.25}
        yTicks={[0, most]}
        formatY={megabytes}
      />
      <dl class="facts">
        <dt>core</dt>
        <dd>{info?.build}</dd>
        <dt>threads</dt>
        <dd>
          {info?.threads}: {info?.reason}
        </dd>
        <dt>seed</dt>
        <dd>{seed.value}</dd>
        <dt>time</dt>
        <dd>{end === null ? "…" : seconds(end.seconds)}</dd>
        <dt>speed</dt>
        <dd>{Math.round(progress.value?.samplesPerSecond ?? 0)} samples a second</dd>
        <dt>model</dt>
        <dd>{end === null ? "…" : kilobytes(end.bytes)}</dd>
        <dt>hash of the weights</dt>
        <dd>
          <Hash hash={end?.hash} />
          {again.value === true && <b class="right"> ✓ the same bits as last time</b>}
          {again.value === false && <b class="wrong"> ✗ not the bits of last time</b>}
        </dd>
      </dl>
    </article>
  );
}

function Hash({ hash }: { readonly hash: string | null | undefined }) {
  if (hash === undefined) return <>…</>;
  if (hash === null) return <>computed on https and localhost only</>;
  return <code>{hash.slice(0, 16)}</code>;
}
