import { createStore, sharedStore } from "@/lib/external-store";
import { recall, remember } from "@/lib/remembered";
import type { Catalogue, Key } from "./catalogue";
import { en } from "./en";
import { ptBR } from "./pt-BR";

export type { Key } from "./catalogue";

export const LANGUAGES = { "pt-BR": "Português", en: "English" } as const;
export type Language = keyof typeof LANGUAGES;

const CATALOGUES: Record<Language, Catalogue> = { "pt-BR": ptBR, en };

/** Whether there are words for what a server named. */
export const isKey = (name: string): name is Key => Object.hasOwn(ptBR, name);

export const language = createStore<Language>(
  recall<Language>("language") ?? (navigator.language.startsWith("pt") ? "pt-BR" : "en"),
);

document.documentElement.lang = language.get();

export function speak(chosen: Language): void {
  remember("language", chosen);
  document.documentElement.lang = chosen;
  language.set(chosen);
}

type Values = Record<string, string | number>;

export function translate(lang: Language, key: Key, values: Values = {}): string {
  const text = CATALOGUES[lang][key];
  if (typeof text === "string" && !text.includes("{")) return text;
  const form = typeof text === "string" ? text : text[pluralOf(lang, Number(values["count"] ?? 0))];
  return form.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? value.toLocaleString(lang) : value;
  });
}

// Making them costs more than a bubble.
const plurals = new Map<Language, Intl.PluralRules>();

function pluralOf(lang: Language, count: number): "one" | "other" {
  const rules = plurals.get(lang) ?? new Intl.PluralRules(lang);
  plurals.set(lang, rules);
  return rules.select(count) === "one" ? "one" : "other";
}

export type Translate = (key: Key, values?: Values) => string;

export const SPEAKERS: Record<Language, Translate> = {
  "pt-BR": (key, values) => translate("pt-BR", key, values),
  en: (key, values) => translate("en", key, values),
};

/** All that is said stands in a Speaking. */
export const [Speaking, useLanguage] = sharedStore(language);

export const useT = (): Translate => SPEAKERS[useLanguage()];
