import type { Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useEffectEvent, useMemo, useState } from "react";
import { chat } from "@/chat/chat-store";
import { loadAround } from "@/chat/load";
import { placeToShow } from "@/chat/place-to-show";
import type { Thread } from "@/chat/state";
import { inBackground } from "@/lib/http";
import { useStore } from "@/lib/external-store";

/** How long it is pointed at, or said to be missing. */
const TOLD = 1_800;

/** What became of a look for a message that is not held. */
export type Looking = "no" | "looking" | "missing";

/** Scrolls to the message that is asked for, loading its part of the thread, and points at it. */
export function useShownMessage(
  conversationId: string,
  { messages }: Thread,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
): { pointedAt: string | null; looking: Looking } {
  const place = useStore(placeToShow, (held) =>
    held?.conversationId === conversationId ? held : null,
  );
  const [missing, setMissing] = useState<typeof place>(null);
  const index = useMemo(
    () => (place ? messages.findIndex((message) => message.id === place.messageId) : -1),
    [place, messages],
  );
  const found = index >= 0;
  const gone = place !== null && missing === place;

  const scroll = useEffectEvent(() => virtualizer.scrollToIndex(index, { align: "center" }));
  useEffect(() => {
    if (!place) return;
    if (!found && !gone) {
      const abort = new AbortController();
      const look = async () =>
        (await loadAround(conversationId, place.messageId, abort.signal)) || setMissing(place);
      void inBackground(look());
      return () => abort.abort();
    }
    if (found) scroll();
    const timer = setTimeout(() => placeToShow.set(null), TOLD);
    return () => clearTimeout(timer);
  }, [place, found, gone, conversationId]);

  // Who goes elsewhere no longer waits for it.
  useEffect(() => () => placeToShow.set(null), [conversationId]);

  const looking = !place || found ? "no" : gone ? "missing" : "looking";
  return { pointedAt: place && found ? place.messageId : null, looking };
}

const SEEN: ReadonlySet<string> = new Set(["image", "video", "sticker"]);

/** The pictures and videos that are loaded, for looking through them. */
export const mediaOf = (conversationId: string) =>
  (chat.get().threads.get(conversationId)?.messages ?? []).filter(
    ({ deleted_at, attachments: [one] }) =>
      !deleted_at && one?.state === "ready" && SEEN.has(one.kind),
  );
