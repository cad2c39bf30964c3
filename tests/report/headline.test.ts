import { describe, expect, it } from "vitest";
import { spreadOf } from "../../src/metrics/index.ts";
import { headline } from "../../src/report/headline.ts";
import { type MethodSummary, type Summary, summarise } from "../../src/report/summary.ts";
import { fakeComparison } from "./fake-comparison.ts";

interface Invented {
  readonly label: string;
  readonly probe: readonly number[];
  readonly gap: readonly number[] | null;
  readonly fused?: readonly number[];
  readonly studied?: boolean;
  readonly difference?: number;
  readonly corrected?: number;
}

const TEMPLATE = summarise(fakeComparison({ modalities: { sound: 2 }, samples: 20, seeds: [1] }));

/** A summary of one modality, "sound", in invented methods. */
function invented(methods: readonly Invented[]): Summary {
  const template = TEMPLATE.methods.find(({ label }) => label === "mla") as MethodSummary;
  const figures = template.modalities.sound;
  if (figures === undefined || template.fused === null || template.test === null) throw new Error();
  const { fused, test } = template;
  return {
    modalities: ["sound", "smell"],
    bestBaseline: "base",
    methods: methods.map((one) => ({
      ...template,
      label: one.label,
      method: { ...template.method, baseline: !one.studied },
      modalities: {
        sound: {
          ...figures,
          probe: spreadOf(one.probe),
          gapByProbe: one.gap && spreadOf(one.gap),
          gapByHead: one.gap && spreadOf(one.gap),
        },
      },
      fused: one.fused ? { ...fused, accuracy: spreadOf(one.fused) } : null,
      test:
        one.difference === undefined
          ? null
          : {
              ...test,
              against: "base",
              difference: one.difference,
              corrected: one.corrected ?? 1,
            },
    })),
  };
}

describe("headline()", () => {
  it("names the laziest modality, where, and by how much", () => {
    const { title } = headline(
      invented([
        { label: "joint", probe: [0.5, 0.52], gap: [0.1, 0.11] },
        { label: "other", probe: [0.6, 0.6], gap: [0.02, 0.021] },
      ]),
    );
    expect(title).toBe(
      "The sound modality is lazy inside joint: a probe on its encoder reads 51.0 %, 10.5 points less than the same modality trained alone.",
    );
  });

  it("claims nothing where the gap lies within the spread or is too small", () => {
    expect(
      headline(invented([{ label: "joint", probe: [0.5, 0.5], gap: [-0.02, 0.08] }])).title,
    ).toBe(
      "No modality is clearly lazy: the largest gap, 3.0 points for the sound modality inside joint, lies within the spread of the seeds.",
    );
    expect(
      headline(invented([{ label: "joint", probe: [0.5, 0.5], gap: [0.004, 0.004] }])).title,
    ).toBe("No modality is lazy: none is 1 point or more below itself trained alone.");
  });

  it("asks more of one seed, and says that it is one", () => {
    const small = headline(invented([{ label: "joint", probe: [0.5], gap: [0.015] }]));
    expect(small.title).toContain("which one seed cannot tell from chance".slice(6));
    expect(small.sentences).toContain(
      "All this is from one seed: how far seeds scatter is not known.",
    );
    expect(headline(invented([{ label: "joint", probe: [0.5], gap: [0.2] }])).title).toContain(
      "is lazy inside joint",
    );
  });

  it("says of the studied method what came out, whoever won", () => {
    const say = (difference: number, corrected: number): string =>
      headline(
        invented([
          { label: "base", probe: [0.5, 0.5], gap: [0.1, 0.1], fused: [0.7, 0.7] },
          {
            label: "new",
            probe: [0.6, 0.6],
            gap: [0.001, 0.001],
            fused: [0.7 + difference, 0.7 + difference],
            studied: true,
            difference,
            corrected,
          },
        ]),
      ).sentences.join(" ");
    expect(say(-0.05, 0.01)).toContain(
      "Fused, new reaches 65.0 %, 5.0 points less than the best baseline, base: more than chance explains (p = 0.010, corrected).",
    );
    expect(say(-0.05, 0.01)).toContain("The best fused accuracy is that of base, 70.0 %.");
    expect(say(0.02, 0.4)).toContain("2.0 points more than the best baseline, base: no more than");
    expect(say(0.02, 0.4)).not.toContain("The best fused accuracy");
    expect(say(0, 1)).toContain("exactly as much as the best baseline, base");
    expect(say(0, 1)).toContain("Inside new every modality is as good as trained alone");
  });

  it("admits that a studied method is lazy itself", () => {
    const { title, sentences } = headline(
      invented([{ label: "new", probe: [0.5, 0.5], gap: [0.1, 0.1], studied: true }]),
    );
    expect(title).toContain("is lazy inside new");
    expect(sentences[0]).toBe(
      "Inside new the laziest is the sound modality, 10.0 points below itself alone (in points: sound -10.0).",
    );
  });

  it("without a yardstick says that nothing can be said, and without results that there are none", () => {
    expect(headline(invented([{ label: "a", probe: [0.5], gap: null, fused: [0.6] }])).title).toBe(
      "a has the best fused accuracy, 60.0 %; no modality was trained alone, so nothing can be said about laziness.",
    );
    expect(headline(invented([])).title).toBe("No method has been tested yet.");
  });

  it("warns that zeroing overstates, where it does", () => {
    const summary = summarise(fakeComparison({ samples: 120, methods: ["unimodal", "concat"] }));
    expect(headline(summary).sentences[0]).toMatch(
      /^Read by the joint head with the others zeroed the gap looks like \d+\.\d points/,
    );
  });
});
