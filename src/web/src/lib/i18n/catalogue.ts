import type { ptBR } from "./pt-BR";

export type Key = keyof typeof ptBR;

/** One text, or one for each plural form of `count`. */
export type Text = string | { one: string; other: string };

export type Catalogue = Record<Key, Text>;
