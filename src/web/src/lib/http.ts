/** An answer that is not a 2xx, or no answer at all (status 0). */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly retryAfter: number | null = null,
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
  onUnauthenticated: () => void;
  /** Asks for the token again: another tab may have signed in since. */
  renewCsrfToken: () => Promise<string>;
}

let guard: Guard = {
  csrfToken: "",
  onUnauthenticated: () => {},
  renewCsrfToken: () => Promise.resolve(""),
};

export function guardRequests(changes: Partial<Guard>): void {
  guard = { ...guard, ...changes };
}

export const csrfHeader = (): Record<string, string> => ({ "X-CSRF-Token": guard.csrfToken });

export async function request<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const token = guard.csrfToken;
  let response = await send(method, path, body, token);
  if (response.status === 403 && method !== "GET") {
    const renewed = await guard.renewCsrfToken();
    if (renewed !== token) response = await send(method, path, body, renewed);
  }
  if (response.ok) {
    const content = await response.text();
    return (content ? JSON.parse(content) : undefined) as T;
  }
  if (response.status === 401) guard.onUnauthenticated();
  throw await problemOf(response);
}

async function send(method: Method, path: string, body: unknown, token: string): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && token) headers["X-CSRF-Token"] = token;
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new RequestError(0, "network", String(error));
  }
}

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  errors?: Record<string, string[]>;
}

async function problemOf(response: Response): Promise<RequestError> {
  const problem: Problem = await response.json().catch(() => ({}));
  const [field] = Object.values(problem.errors ?? {});
  const seconds = Number(response.headers.get("Retry-After"));
  return new RequestError(
    response.status,
    problem.code ?? String(response.status),
    field?.[0] ?? problem.detail ?? problem.title ?? response.statusText,
    seconds > 0 ? seconds * 1000 : null,
  );
}
