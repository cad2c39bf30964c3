/** Every form of a modality, by name: one file and one line each. */
import { findPart } from "../../../config/part.ts";
import type { AnyForm, FormChoice } from "../form.ts";
import { filmForm } from "./film.ts";
import { pictureForm } from "./picture.ts";
import { soundForm } from "./sound.ts";
import { vectorForm } from "./vector.ts";
import { wordsForm } from "./words.ts";

export const FORMS: Readonly<Record<string, AnyForm>> = {
  [pictureForm.name]: pictureForm,
  [soundForm.name]: soundForm,
  [filmForm.name]: filmForm,
  [vectorForm.name]: vectorForm,
  [wordsForm.name]: wordsForm,
};

/** @throws {OptionError} that lists the forms if there is none of this name */
export function findForm({ form }: FormChoice): AnyForm {
  return findPart<AnyForm>("form", FORMS, form);
}
