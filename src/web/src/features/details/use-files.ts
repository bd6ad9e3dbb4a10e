import { useEffect, useMemo, useState } from "react";
import { useChat } from "@/chat/chat-store";
import { EMPTY_THREAD } from "@/chat/state";
import type { GalleryItem, Page } from "@/chat/types";
import { inBackground, request } from "@/lib/http";
import { untilAnswered } from "@/lib/retry";
import { joinFiles } from "./shared-files";
import { ifThere } from "./use-if-there";

interface Listed {
  key: string;
  items: GalleryItem[];
  cursor: string | null;
}

/** The files of a conversation: what its thread holds at once, and older ones as the server lists them. */
export function useFiles(conversationId: string, kind: "media" | "documents") {
  const key = `${conversationId} ${kind}`;
  const messages = useChat((state) => (state.threads.get(conversationId) ?? EMPTY_THREAD).messages);
  const deleted = useChat((state) => state.deleted);
  // After a reset, or a join, there may be others.
  const epoch = useChat((state) => state.epoch);
  const rewritten = useChat((state) => state.rewritten.get(conversationId));
  const [held, setListed] = useState<Listed>({ key, items: [], cursor: null });
  const listed = held.key === key ? held : { key, items: [], cursor: null };

  useEffect(() => {
    const abort = new AbortController();
    void inBackground(
      load(conversationId, kind, null, abort.signal).then((page) => {
        if (page && !abort.signal.aborted)
          setListed({ key, items: page.items, cursor: page.next_cursor });
      }),
    );
    return () => abort.abort();
  }, [conversationId, kind, key, epoch, rewritten]);

  const more = async () => {
    const page = await load(conversationId, kind, listed.cursor);
    if (!page) return;
    setListed((now) =>
      now.key === key && now.cursor === listed.cursor
        ? { key, items: [...now.items, ...page.items], cursor: page.next_cursor }
        : now,
    );
  };

  const items = useMemo(
    () => joinFiles(messages, kind, listed.items, deleted),
    [messages, kind, listed.items, deleted],
  );
  return { items, more: listed.cursor ? () => void inBackground(more()) : null };
}

function load(
  conversationId: string,
  kind: "media" | "documents",
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<GalleryItem> | null> {
  const query = new URLSearchParams({
    kind: kind === "documents" ? "document" : kind,
    ...(cursor ? { cursor } : {}),
  });
  const path = `/api/conversations/${conversationId}/attachments?${query}`;
  return ifThere(() => untilAnswered(() => request<Page<GalleryItem>>("GET", path), signal));
}
