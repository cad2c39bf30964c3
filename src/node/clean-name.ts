/** A name for files of what a user calls anything: letters, digits, dots, dashes, underscores. */
export function cleanName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, "-");
}
