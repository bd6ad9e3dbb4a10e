import type { Instance } from "@/chat/types";
import { isKey, type Key } from "@/lib/i18n";

/** What keeps a number from working, and what helps; null where nothing does. */
export function causeOf({ gateway, state, state_code, alarm }: Instance): Key | null {
  if (gateway === "sandbox") return null;
  // Connected and silent: what goes out goes, what comes in doesn't.
  if (state === "open") return alarm ? "instances.deaf" : null;
  // While it connects its state has no word: of what was raised before, only that the phone is missing still holds.
  const code = state_code ?? (alarm?.code === "instance_closed" ? alarm.code : null);
  if (gateway === "cloud" && code === "instance_closed") return "instances.offline";
  // Each says what the entry is called that corrects it.
  if (gateway === "cloud" && code === "gateway_key_refused") return "cloud.keyRefused";
  const key = `instances.cause.${code}`;
  return isKey(key) ? key : null;
}
