import type { EmojiPickerRootProps } from "frimousse";

type Resolver = NonNullable<EmojiPickerRootProps["resolveEmojiData"]>;
type Data = Awaited<ReturnType<Resolver>>;

/** Phones of today draw these; newer ones would be empty boxes for many. */
const NEWEST = 15;
const COMPONENTS = 2;

interface Entry {
  emoji: string;
  label: string;
  group?: number;
  version: number;
  tags?: string[];
}

interface Group {
  message: string;
  order: number;
}

const LOADERS = {
  pt: () =>
    Promise.all([import("emojibase-data/pt/data.json"), import("emojibase-data/pt/messages.json")]),
  en: () =>
    Promise.all([import("emojibase-data/en/data.json"), import("emojibase-data/en/messages.json")]),
};

/** From our own files: no other server is asked. */
export const emojiData: Resolver = async (locale): Promise<Data> => {
  const [data, messages] = await LOADERS[locale === "pt" ? "pt" : "en"]();
  const entries = data.default as unknown as Entry[];
  const groups = (messages.default as unknown as { groups: Group[] }).groups;
  return {
    locale,
    emojis: entries
      .filter(
        ({ group, version }) => group !== undefined && group !== COMPONENTS && version <= NEWEST,
      )
      .map(({ emoji, label, group, version, tags }) => ({
        emoji,
        label,
        category: group!,
        version,
        tags: tags ?? [],
      })),
    categories: groups
      .filter(({ order }) => order !== COMPONENTS)
      .map(({ order, message }) => ({ index: order, label: capitalized(message) })),
    skinTones: { light: "", "medium-light": "", medium: "", "medium-dark": "", dark: "" },
  };
};

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
