import { translate, type Language } from "./i18n";

const formats = new Map<string, Intl.DateTimeFormat>();

// Making an Intl format costs more than a row of the list: each is made once.
function format(lang: Language, name: string, options: Intl.DateTimeFormatOptions) {
  const key = `${lang} ${name}`;
  const held = formats.get(key) ?? new Intl.DateTimeFormat(lang, options);
  formats.set(key, held);
  return held;
}

const times = new Map<string, string>();

// A day has 1,440 of them, and a thread shows as many as it has bubbles.
export function timeOf(lang: Language, at: Date): string {
  const key = `${lang} ${at.getHours()} ${at.getMinutes()}`;
  const held = times.get(key) ?? format(lang, "time", { timeStyle: "short" }).format(at);
  times.set(key, held);
  return held;
}

export const startOfDay = (at: Date) =>
  new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

const daysBetween = (at: Date, today: number) => Math.round((today - startOfDay(at)) / 86_400_000);

/** The line between two days of a thread. */
export function dayOf(lang: Language, at: Date, today: number): string {
  const days = daysBetween(at, today);
  if (days <= 0) return translate(lang, "day.today");
  if (days === 1) return translate(lang, "day.yesterday");
  if (days < 7) return capitalized(format(lang, "weekday", { weekday: "long" }).format(at));
  return at.getFullYear() === new Date(today).getFullYear()
    ? format(lang, "day", { day: "numeric", month: "long" }).format(at)
    : format(lang, "date", { day: "numeric", month: "long", year: "numeric" }).format(at);
}

/** A day by its date, however near. */
export const dateOf = (lang: Language, at: Date) =>
  format(lang, "medium", { day: "numeric", month: "short", year: "numeric" }).format(at);

/** When something last happened, in the width of a list row. */
export function recencyOf(lang: Language, at: Date, today: number): string {
  const days = daysBetween(at, today);
  if (days <= 0) return timeOf(lang, at);
  if (days === 1) return translate(lang, "day.yesterday").toLocaleLowerCase(lang);
  if (days < 7) return format(lang, "short", { weekday: "short" }).format(at).replace(".", "");
  return format(lang, "numeric", { day: "2-digit", month: "2-digit", year: "2-digit" }).format(at);
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
