import type { ptBR } from "./pt-BR";

export type Key = keyof typeof ptBR;

/** One text, or one for each plural form of `count`. */
export type Text = string | { one: string; other: string };

/** The same words in another language: one that is missing, or too many, fails the build. */
export type Words<T> = Record<keyof T, Text>;

export type Catalogue = Words<typeof ptBR>;
