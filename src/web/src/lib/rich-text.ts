/** A text as WhatsApp shows it: *bold* _italic_ ~strike~ ```mono``` `code`, links and the names of people mentioned. */
export type Rich =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; parts: Rich[] }
  | { kind: "mono"; text: string }
  | { kind: "link"; text: string; href: string }
  | { kind: "mention"; text: string };

const MARKS = { "*": "bold", _: "italic", "~": "strike" } as const;
type Mark = keyof typeof MARKS;

const LINK = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'*_~]/y;
const LINKS = new RegExp(LINK, "");
const MENTION = /@(\d{5,})/y;
const MONO = /```([\s\S]+?)```|`([^`\n]+)`/y;
const LETTER = /[\p{L}\p{N}]/u;
const INTERESTING = /[*_~`@]|https?:\/\//g;

/** `names` has the name of each mentioned number. */
export const richText = (text: string, names: ReadonlyMap<string, string> = new Map()): Rich[] =>
  new Reader(text, names).read(0, text.length);

/** The same in plain words. */
export const plainText = (text: string, names?: ReadonlyMap<string, string>): string =>
  richText(text, names).map(wordsOf).join("");

export const hasLink = (text: string): boolean => LINKS.test(text);

const wordsOf = (part: Rich): string =>
  "parts" in part ? part.parts.map(wordsOf).join("") : part.text;

class Reader {
  /** Up to where a mark is known to have no end: looked for once, not at each of its openings. */
  readonly #endless = new Map<Mark, number>();

  constructor(
    private readonly text: string,
    private readonly names: ReadonlyMap<string, string>,
  ) {}

  read(from: number, to: number): Rich[] {
    const parts: Rich[] = [];
    let plainFrom = from;
    for (let at = this.#next(from); at < to;) {
      const found = this.#partAt(at, from, to);
      if (!found) {
        at = this.#next(at + 1);
        continue;
      }
      if (at > plainFrom) parts.push({ kind: "text", text: this.text.slice(plainFrom, at) });
      parts.push(found.part);
      plainFrom = found.end;
      at = this.#next(found.end);
    }
    if (to > plainFrom) parts.push({ kind: "text", text: this.text.slice(plainFrom, to) });
    return parts;
  }

  #next(from: number): number {
    INTERESTING.lastIndex = from;
    return INTERESTING.exec(this.text)?.index ?? this.text.length;
  }

  #partAt(at: number, from: number, to: number): { part: Rich; end: number } | null {
    const first = this.text[at]!;
    if (first in MARKS) return this.#marked(first as Mark, at, from, to);
    if (first === "@") {
      const number = match(MENTION, this.text, at)?.[1];
      const name = number && this.names.get(number);
      return name
        ? { part: { kind: "mention", text: `@${name}` }, end: at + 1 + number.length }
        : null;
    }
    const found = match(first === "`" ? MONO : LINK, this.text, at);
    if (!found || at + found[0].length > to) return null;
    const end = at + found[0].length;
    return first === "`"
      ? { part: { kind: "mono", text: found[1] ?? found[2]! }, end }
      : { part: { kind: "link", text: found[0], href: found[0] }, end };
  }

  /** A mark stands at the edges of words and never spans lines. */
  #marked(mark: Mark, at: number, from: number, to: number) {
    if (at > from && LETTER.test(this.text[at - 1]!)) return null;
    if (/\s/.test(this.text[at + 1] ?? " ") || at < (this.#endless.get(mark) ?? 0)) return null;
    for (let end = at + 2; end < to && this.text[end] !== "\n"; end++) {
      if (this.text[end] !== mark || /\s/.test(this.text[end - 1]!)) continue;
      if (end + 1 < to && LETTER.test(this.text[end + 1]!)) continue;
      const parts = this.read(at + 1, end);
      return { part: { kind: MARKS[mark], parts } as const, end: end + 1 };
    }
    const line = this.text.indexOf("\n", at);
    this.#endless.set(mark, Math.min(line < 0 ? to : line, to));
    return null;
  }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
