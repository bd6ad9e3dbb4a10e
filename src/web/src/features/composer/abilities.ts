import { inabilityOf } from "@/chat/inability";
import type { Instance } from "@/chat/types";
import type { Key } from "@/lib/i18n";

/** Why a number can't send or do something; null when it can. */
export function refusalOf(instance: Instance | undefined, ability: string): Key | null {
  if (!instance) return null;
  if (instance.deleted_at) return "why.numberGone";
  return instance.abilities.includes(ability) ? null : inabilityOf(instance);
}
