import { isTransient, RequestError } from "./http";

const FIRST_DELAY = 250;
const LONGEST_DELAY = 5_000;

/** Doubles from 0.25 s to 5 s; the jitter keeps a fleet of browsers from returning at once. */
export function retryDelay(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt);
  return ceiling / 2 + (random() * ceiling) / 2;
}

/** Waits, but no longer than until the network or the tab comes back. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      document.removeEventListener("visibilitychange", whenVisible);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const whenVisible = () => document.visibilityState === "visible" && done();
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", done);
    document.addEventListener("visibilitychange", whenVisible);
    signal?.addEventListener("abort", done);
  });
}

/** Repeats a request until the server answers it, one way or the other. */
export async function untilAnswered<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isTransient(error)) throw error;
      signal?.throwIfAborted();
      const asked = error instanceof RequestError ? error.retryAfter : null;
      await pause(asked ?? retryDelay(attempt), signal);
      signal?.throwIfAborted();
    }
  }
}
