/** Text that is already HTML. Only this file makes it, so nothing escapes escaping. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What a template takes: text is escaped, markup is not, lists are joined, null and false vanish. */
export type Content = Markup | string | number | null | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for element content and for quoted attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

/** Template tag: everything put in is escaped unless it is markup itself. Attributes must be quoted. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(
    parts.map((part, i) => (i === 0 ? part : toHtml(values[i - 1] as Content) + part)).join(""),
  );
}

/** Declares our own text to be HTML: the style sheet, the script, shapes made of numbers. Never names or other text from data. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** JSON for a `<script type="application/json">`: no character in it can end the element. */
export function jsonMarkup(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replace(/</g, "\\u003c"));
}

function toHtml(value: Content): string {
  if (value === null || value === false) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(toHtml).join("");
  return escapeHtml(String(value));
}
