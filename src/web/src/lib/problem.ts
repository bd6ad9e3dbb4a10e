import { RequestError } from "./http";
import type { Translate } from "./i18n";

/** What went wrong with what somebody asked for, in words for them; a bug of ours is no problem of theirs. */
export function problemText(t: Translate, error: unknown): string {
  if (!(error instanceof RequestError)) throw error;
  if (error.code === "not_on_whatsapp") return t("failure.not_on_whatsapp");
  return t("error.action", {
    detail: error.status === 0 ? t("error.unreachable") : error.message,
  });
}
