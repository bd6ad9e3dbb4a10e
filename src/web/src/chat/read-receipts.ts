import type { Conversation, Instance } from "./types";

/** Whether those who write here can see that an agent has read them. */
export function showsReads(instance: Instance, { kind, contact }: Conversation): boolean {
  const ability = kind === "group" ? "read_group" : contact?.phone ? "read" : "read_hidden";
  return instance.abilities.includes(ability);
}
