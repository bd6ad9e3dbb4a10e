import { postForm } from "./post-form";

/** An answer that is not a 2xx, or no answer at all (status 0). */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly retryAfter: number | null = null,
    /** The proxy's word that no node has got a byte of it. Any other failure may have been taken. */
    readonly reachedNobody = false,
  ) {
    super(detail);
  }
}

/** Work that nobody waits for any more once its session, or the part of the page it is for, has gone. */
export async function inBackground(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const signedOut = error instanceof RequestError && error.status === 401;
    const aborted = error instanceof DOMException && error.name === "AbortError";
    if (!signedOut && !aborted) throw error;
  }
}

export function isTransient(error: unknown): boolean {
  if (!(error instanceof RequestError)) return false;
  return error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500;
}

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

interface Guard {
  csrfToken: string;
  /** Who is signed in on this page. */
  userId: string | null;
  onUnauthenticated: () => void;
  /** Asks for the token again: another tab may have signed in since. */
  renewCsrfToken: () => Promise<string>;
}

let guard: Guard = {
  csrfToken: "",
  userId: null,
  onUnauthenticated: () => {},
  renewCsrfToken: () => Promise.resolve(""),
};

export function guardRequests(changes: Partial<Guard>): void {
  guard = { ...guard, ...changes };
}

export const csrfHeader = (): Record<string, string> => ({ "X-CSRF-Token": guard.csrfToken });

/** Where packets vanish a browser waits for minutes. What asks the gateway waits for it, as long as nginx does. */
const PATIENCE = { GET: 60_000, other: 90_000 };

/** For what is repeated, or waits for its turn: it never leaves as somebody else who signs in meanwhile. */
export function asSameUser<T>(call: () => Promise<T>): () => Promise<T> {
  const { userId } = guard;
  return () => (guard.userId === userId ? call() : Promise.reject(otherUser()));
}

const otherUser = () => new RequestError(401, "other_user", "Somebody else has signed in.");

export const request = <T>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> => answerTo(method, (token) => send(method, path, body, token, signal));

/** A form with a file; `onProgress` hears how much of it has left, from 0 to 1. */
export const upload = <T>(
  path: string,
  form: FormData,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<T> =>
  answerTo("POST", (token) =>
    reached(() => postForm(path, form, { "X-CSRF-Token": token }, onProgress, signal)),
  );

async function answerTo<T>(
  method: Method,
  call: (csrfToken: string) => Promise<Response>,
): Promise<T> {
  const { csrfToken: token, userId } = guard;
  let response = await call(token);
  if (response.status === 403 && method !== "GET") {
    const renewed = await guard.renewCsrfToken();
    // What this page's user wrote must not go out as somebody else's; the page is theirs by now.
    if (guard.userId !== userId) throw otherUser();
    if (renewed !== token) response = await call(renewed);
  }
  const content = response.ok ? await contentOf<T>(response) : null;
  // The page is another user's by now, and what was asked for before isn't theirs to see.
  if (userId !== null && guard.userId !== null && guard.userId !== userId) throw otherUser();
  if (response.ok) return content as T;
  if (response.status === 401 && guard.userId === userId) guard.onUnauthenticated();
  throw await problemOf(response);
}

/** A connection may break within the answer, and a hotel's network answers in its own words. */
const contentOf = <T>(response: Response): Promise<T> =>
  reached(async () => {
    const content = await response.text();
    return (content ? JSON.parse(content) : undefined) as T;
  });

function send(
  method: Method,
  path: string,
  body: unknown,
  token: string,
  signal?: AbortSignal,
): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && token) headers["X-CSRF-Token"] = token;
  const late = AbortSignal.timeout(method === "GET" ? PATIENCE.GET : PATIENCE.other);
  return reached(() =>
    fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ? eitherOf(signal, late) : late,
    }),
  );
}

/** Browsers of before 2024 can't wait for two: what nobody waits for any more is the more frequent one. */
const eitherOf = (signal: AbortSignal, late: AbortSignal) =>
  "any" in AbortSignal ? AbortSignal.any([signal, late]) : signal;

async function reached<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new RequestError(0, "network", String(error));
  }
}

/** What a refusal means where nobody gave a word of its own for it, as a proxy doesn't. */
const CODES: Record<number, string> = {
  400: "invalid",
  403: "not_allowed",
  404: "gone",
  413: "too_large",
  429: "busy",
};

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  taken?: boolean;
}

async function problemOf(response: Response): Promise<RequestError> {
  const problem: Problem = await response.json().catch(() => ({}));
  const seconds = Number(response.headers.get("Retry-After"));
  return new RequestError(
    response.status,
    problem.code ??
      CODES[response.status] ??
      (response.status >= 500 ? "server_error" : String(response.status)),
    problem.detail ?? problem.title ?? response.statusText,
    seconds > 0 ? seconds * 1000 : null,
    problem.taken === false,
  );
}
