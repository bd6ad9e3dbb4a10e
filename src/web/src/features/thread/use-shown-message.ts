import type { Virtualizer } from "@tanstack/react-virtual";
import { useEffect, useEffectEvent, useMemo } from "react";
import { chat } from "@/chat/chat-store";
import { loadOlder } from "@/chat/load";
import { placeToShow } from "@/chat/place-to-show";
import type { Thread } from "@/chat/state";
import { inBackground } from "@/lib/http";
import { useStore } from "@/lib/external-store";

/** How long it is pointed at, or said to be missing. */
const TOLD = 1_800;
const LARGE_PAGE = 200;

/** What became of a look for a message further up. */
export type Looking = "no" | "looking" | "missing";

/** Scrolls to the message that is asked for, loading what lies between, and points at it. */
export function useShownMessage(
  conversationId: string,
  thread: Thread,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
): { pointedAt: string | null; looking: Looking } {
  const { messages, olderCursor } = thread;
  const place = useStore(placeToShow, (held) =>
    held?.conversationId === conversationId ? held : null,
  );
  const index = useMemo(
    () => (place ? messages.findIndex((message) => message.id === place.messageId) : -1),
    [place, messages],
  );
  const found = index >= 0;

  const scroll = useEffectEvent(() => virtualizer.scrollToIndex(index, { align: "center" }));
  useEffect(() => {
    if (!place) return;
    if (found) scroll();
    else if (olderCursor) {
      // Its page changes the cursor, and this is asked again.
      void inBackground(loadOlder(conversationId, LARGE_PAGE));
      return;
    }
    const timer = setTimeout(() => placeToShow.set(null), TOLD);
    return () => clearTimeout(timer);
  }, [place, found, olderCursor, conversationId]);

  // Who goes elsewhere no longer waits for it.
  useEffect(() => () => placeToShow.set(null), [conversationId]);

  const looking = !place || found ? "no" : olderCursor ? "looking" : "missing";
  return { pointedAt: place && found ? place.messageId : null, looking };
}

/** The pictures and videos that are loaded, for looking through them. */
export const mediaOf = (conversationId: string) =>
  (chat.get().threads.get(conversationId)?.messages ?? []).filter(
    ({ type, deleted_at, attachments }) =>
      !deleted_at &&
      (type === "image" || type === "video" || type === "sticker") &&
      attachments[0]?.state === "ready",
  );
