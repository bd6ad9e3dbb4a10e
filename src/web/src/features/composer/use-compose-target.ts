import { useEffect, useEffectEvent } from "react";
import { composeTarget, type ComposeTarget } from "@/chat/compose-target";
import { useStore } from "@/lib/external-store";

/** What the next text is for, of this conversation alone; told when it changes. */
export function useComposeTarget(
  conversationId: string,
  onChange: (target: ComposeTarget | null, before: ComposeTarget | null) => void,
): ComposeTarget | null {
  const target = useStore(composeTarget, (held) =>
    held?.conversationId === conversationId ? held : null,
  );
  const changed = useEffectEvent(onChange);
  useEffect(() => {
    let before = composeTarget.get();
    if (before?.conversationId === conversationId) changed(before, null);
    return composeTarget.subscribe(() => {
      const now = composeTarget.get();
      if (now === before) return;
      changed(now, before);
      before = now;
    });
  }, [conversationId]);
  return target;
}
