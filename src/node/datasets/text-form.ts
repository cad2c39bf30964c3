/** What texts become: tokens of the owner's folder's `tokenizer.json` if there is one, else words of the training part. */
import type { FormChoice } from "../prepare/form.ts";
import { TOKENIZER_FILE, tokens } from "../prepare/forms/tokens.ts";
import { words } from "../prepare/forms/words.ts";

/** Most words or tokens of a text, as MLA's text path has it. */
const LONGEST = 256;

/** The form where no folder is known. */
export const PLAIN_TEXT: FormChoice = words({ longest: LONGEST });

/** The form, and in words which one it is. */
export async function textForm(
  folder: string,
): Promise<{ readonly form: FormChoice; readonly about: string }> {
  const form = await tokens(folder, LONGEST);
  if (form !== undefined) return { form, about: `texts by ${TOKENIZER_FILE}` };
  return {
    form: PLAIN_TEXT,
    about: `texts as words of the training part (no ${TOKENIZER_FILE} in the folder)`,
  };
}
