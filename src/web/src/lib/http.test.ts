import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { asSameUser, guardRequests, request } from "./http";

const tokens: (string | undefined)[] = [];
let answers: Response[];

beforeEach(() => {
  tokens.length = 0;
  vi.stubGlobal("fetch", (_: string, { headers }: { headers: Record<string, string> }) => {
    tokens.push(headers["X-CSRF-Token"]);
    return Promise.resolve(answers.shift()!);
  });
  guardRequests({ csrfToken: "nina's", userId: "nina" });
});

afterEach(() => vi.unstubAllGlobals());

const status = (code: number) => new Response(null, { status: code });

test("what one user wrote never leaves with the token of the next", async () => {
  answers = [status(403), status(204)];
  guardRequests({
    // Another request has brought the news of her already.
    renewCsrfToken: () => {
      guardRequests({ csrfToken: "raul's", userId: "raul" });
      return Promise.resolve("raul's");
    },
  });

  await expect(request("POST", "/api/messages")).rejects.toMatchObject({ code: "other_user" });

  expect(tokens).toEqual(["nina's"]);
});

test("the same user's new token is used", async () => {
  answers = [status(403), status(204)];
  guardRequests({ renewCsrfToken: () => Promise.resolve("nina's new") });

  await request("POST", "/api/messages");

  expect(tokens).toEqual(["nina's", "nina's new"]);
});

test("what waits for its turn is dropped where somebody else signs in meanwhile", async () => {
  answers = [];
  const waiting = asSameUser(() => request("POST", "/api/messages"));
  guardRequests({ csrfToken: "raul's", userId: "raul" });

  await expect(waiting()).rejects.toMatchObject({ status: 401, code: "other_user" });

  expect(tokens).toEqual([]);
});

test("a late refusal of the session before doesn't end this one", async () => {
  const ended = vi.fn<() => void>();
  guardRequests({ onUnauthenticated: ended });
  answers = [status(401)];
  const late = request("GET", "/api/me");
  guardRequests({ csrfToken: "raul's", userId: "raul" });

  await expect(late).rejects.toMatchObject({ status: 401 });
  expect(ended).not.toHaveBeenCalled();

  answers = [status(401)];
  await expect(request("GET", "/api/me")).rejects.toMatchObject({ status: 401 });
  expect(ended).toHaveBeenCalledOnce();
});

test("what was asked for before somebody else signed in is not theirs to see", async () => {
  answers = [Response.json({ text: "nina's" })];
  const late = request("GET", "/api/conversations");
  guardRequests({ csrfToken: "raul's", userId: "raul" });

  await expect(late).rejects.toMatchObject({ code: "other_user" });
});

test("who has been signed out meanwhile still gets the answer", async () => {
  answers = [status(204)];
  const signedOut = request("POST", "/api/auth/sign-out");
  guardRequests({ userId: null });

  await expect(signedOut).resolves.toBeUndefined();
});
