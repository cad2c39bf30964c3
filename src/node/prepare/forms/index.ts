/** Every form of a modality, by name: one file and one line each. */
import { findPart } from "../../../config/part.ts";
import type { AnyForm, FormChoice } from "../form.ts";
import { filmForm } from "./film.ts";
import { filterbankForm } from "./filterbank.ts";
import { pictureForm } from "./picture.ts";
import { soundForm } from "./sound.ts";
import { spectrogramForm } from "./spectrogram.ts";
import { tokensForm } from "./tokens.ts";
import { vectorForm } from "./vector.ts";
import { wordsForm } from "./words.ts";

export const FORMS: Readonly<Record<string, AnyForm>> = {
  [filmForm.name]: filmForm,
  [filterbankForm.name]: filterbankForm,
  [pictureForm.name]: pictureForm,
  [soundForm.name]: soundForm,
  [spectrogramForm.name]: spectrogramForm,
  [tokensForm.name]: tokensForm,
  [vectorForm.name]: vectorForm,
  [wordsForm.name]: wordsForm,
};

/** @throws {OptionError} that lists the forms if there is none of this name */
export function findForm({ form }: FormChoice): AnyForm {
  return findPart<AnyForm>("form", FORMS, form);
}
