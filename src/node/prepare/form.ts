/** Forms of modalities: how a raw cell becomes the numbers or words that a model sees. */
import type { PartConfig } from "../../config/part.ts";
import type { BagData } from "../../data/dataset.ts";
import type { Features } from "../../features/index.ts";
import type { FfmpegOptions } from "../decode/ffmpeg.ts";
import type { Cell } from "./item.ts";

/** What a form may use while it reads a cell. */
export interface FormTools {
  readonly features: Features;
  readonly ffmpeg: FfmpegOptions;
  /** The bytes of a file; their hash goes into the list of files. */
  read(path: string): Promise<Uint8Array>;
  /** Notes a file that another program reads; its hash goes into the list of files. */
  note(path: string): Promise<void>;
}

/** Values of a fixed shape per sample, read in workers. */
export interface DenseForm<S = unknown> {
  readonly kind: "dense";
  readonly name: string;
  /** Raised when the same file and settings give other values: old caches are then refused. */
  readonly version: number;
  /** How values are kept: bytes, half or single precision. */
  readonly dtype: "U8" | "F16" | "F32";
  shape(settings: S): readonly number[];
  /**
   * @returns the values of one sample: bytes for U8, floats otherwise
   * @throws {DataFormatError} if the cell is broken; the sample then lacks the modality
   */
  read(cell: Cell, settings: S, tools: FormTools): Promise<Uint8Array | Float32Array>;
  /** In words, for a reader. */
  describe(settings: S): string;
  /** Encoder that suits it where no recipe says another. */
  encoder(settings: S): PartConfig;
}

/** Texts, read in workers and turned into token ids when all are there. */
export interface TextForm<S = unknown> {
  readonly kind: "text";
  readonly name: string;
  readonly version: number;
  /**
   * @param texts - per sample; null where it lacks the modality
   * @param train - positions of the training part, the only one that a vocabulary may come from
   * @param folder - the owner's download, where a file of the settings lies
   */
  encode(
    texts: readonly (string | null)[],
    train: Int32Array,
    settings: S,
    folder: string,
  ): BagData;
  describe(settings: S, vocabulary: number): string;
  encoder(settings: S): PartConfig;
}

// biome-ignore lint/suspicious/noExplicitAny: a form reads the settings that its own maker wrote
export type AnyForm = DenseForm<any> | TextForm<any>;

/** A form by name with its settings: plain data, part of the preprocessing hash. */
export interface FormChoice {
  readonly form: string;
  readonly settings: unknown;
}
