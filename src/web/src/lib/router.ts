import { createStore, useStore } from "./external-store";

export type Route =
  | { page: "inbox"; conversationId: string | null }
  | { page: "sandbox" }
  | { page: "instances"; connectId: string | null };

const path = createStore(location.pathname);
window.addEventListener("popstate", () => path.set(location.pathname));

export function navigate(to: string): void {
  if (to === location.pathname) return;
  history.pushState(null, "", to);
  path.set(to);
}

/** The same place under another name: no step to go back to. */
export function rename(to: string): void {
  history.replaceState(null, "", to);
  path.set(to);
}

/** Of the numbers, with this one's code to scan. */
export const instancePath = (id: string) => `/instances/${id}`;

export const conversationPath = (id: string) => `/conversations/${id}`;

export function routeOf(pathname: string): Route {
  const [first, second] = pathname.split("/").filter(Boolean);
  if (first === "sandbox") return { page: "sandbox" };
  if (first === "instances") return { page: "instances", connectId: second ?? null };
  return { page: "inbox", conversationId: first === "conversations" ? (second ?? null) : null };
}

export const currentRoute = () => routeOf(path.get());

export function useRoute(): Route {
  return routeOf(useStore(path, (current) => current));
}
