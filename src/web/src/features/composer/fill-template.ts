import type { Contents, Template } from "@/chat/types";
import type { Outgoing } from "@/chat/unsent";

export type Filled = Readonly<Record<string, string>>;

const BLANK = /\{\{ ?(\w+) ?\}\}/g;

/** A part's text with its blanks said; those that aren't yet stay as they are. */
export const fill = (part: "header" | "body", text: string, values: Filled): string =>
  text.replace(BLANK, (blank, name: string) => values[`${part}.${name}`]?.trim() || blank);

export const isFilled = ({ parameters }: Template, values: Filled): boolean =>
  parameters.every(({ key }) => values[key]?.trim());

export function toOutgoing(template: Template, values: Filled): Outgoing {
  const { name, language, header, footer, buttons, parameters } = template;
  const content: Contents["template"] = {
    name,
    language,
    header: header && fill("header", header, values),
    footer,
    buttons,
    values: parameters.map(({ key }) => ({ key, text: values[key]!.trim() })),
  };
  return { type: "template", text: fill("body", template.body, values), content };
}

/** Templates whose name or text has all the words. */
export function matching(templates: readonly Template[], typed: string): readonly Template[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter(({ name, body, header }) => {
    const text = `${name.replaceAll("_", " ")} ${name} ${header ?? ""} ${body}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
