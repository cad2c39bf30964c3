/** Every form of a modality, by name: one file and one line each. */
import { findPart } from "../../../config/part.ts";
import type { AnyForm, FormChoice } from "../form.ts";
import { pictureForm } from "./picture.ts";
import { soundForm } from "./sound.ts";
import { wordsForm } from "./words.ts";

export const FORMS: Readonly<Record<string, AnyForm>> = {
  [pictureForm.name]: pictureForm,
  [soundForm.name]: soundForm,
  [wordsForm.name]: wordsForm,
};

/** @throws {OptionError} that lists the forms if there is none of this name */
export function findForm({ form }: FormChoice): AnyForm {
  return findPart<AnyForm>("form", FORMS, form);
}
