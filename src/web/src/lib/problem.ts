import { RequestError } from "./http";
import { isKey, type Translate } from "./i18n";

/** What went wrong with what somebody asked for, in words for them; a bug of ours is no problem of theirs. */
export function problemText(t: Translate, error: unknown): string {
  if (!(error instanceof RequestError)) throw error;
  return failureText(t, error.code);
}

/** The sentence for what a server, or a gateway, called it. */
export function failureText(t: Translate, code: string | undefined): string {
  const key = `failure.${code}`;
  if (isKey(key)) return t(key);
  return t(code?.startsWith("invalid_") ? "failure.invalid" : "failure.other");
}
