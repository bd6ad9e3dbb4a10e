import { createStore } from "./external-store";

export type Theme = "system" | "light" | "dark";

const KEY = "flowchat.theme";

/** Read by public/theme.js before the first paint, hence a bare word and no JSON. */
export const theme = createStore<Theme>((localStorage.getItem(KEY) as Theme | null) ?? "system");

theme.subscribe(() => {
  const chosen = theme.get();
  if (chosen === "system") {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset["theme"];
  } else {
    localStorage.setItem(KEY, chosen);
    document.documentElement.dataset["theme"] = chosen;
  }
});
