import { createStore, useStore } from "@/lib/external-store";

const EVERY = 15_000;

const now = createStore(Date.now());

// Asked again and again rather than timed to the end: a laptop sleeps through timers.
setInterval(() => now.set(Date.now()), EVERY);

/** Whether the gateway takes templates only by now. */
export const useWindowClosed = (closesAt: string | null): boolean =>
  useStore(now, (time) => closesAt !== null && Date.parse(closesAt) <= time);
