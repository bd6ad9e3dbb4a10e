import type { AdSource, Contents, Forwarded, Message, Place } from "./types";

/** What a message of this type says besides its text; null when it is another one. */
export const contentOf = <T extends keyof Contents>(message: Message, type: T) =>
  message.type === type ? (message.content as Contents[T] | null) : null;

export const placeOf = (message: Message): Place | null =>
  contentOf(message, "location") ?? contentOf(message, "live_location");

/** A message of any type may answer an advertisement. */
export const adOf = (message: Message): AdSource | null =>
  (message.content as { ad?: AdSource } | null)?.ad ?? null;

/** Null where it was written for this chat. */
export const forwardedOf = (message: Message): Forwarded | null =>
  (message.content as { forwarded?: Forwarded } | null)?.forwarded ?? null;
