import { useEffectEvent, useLayoutEffect, useRef } from "react";
import { useChat } from "@/chat/chat-store";
import { composeTarget, type ComposeTarget } from "@/chat/compose-target";
import { currentId } from "@/chat/state";
import { useStore } from "@/lib/external-store";

/** What the next text is for, of this conversation alone; told when it changes. */
export function useComposeTarget(
  conversationId: string,
  onChange: (target: ComposeTarget | null, before: ComposeTarget | null) => void,
): ComposeTarget | null {
  const held = useStore(composeTarget, (one) => one);
  const heldIn = useChat((state) => held && currentId(state, held.conversationId));
  const target = heldIn === conversationId ? held : null;
  const changed = useEffectEvent(onChange);
  const before = useRef<ComposeTarget | null>(null);
  // Also one that a join has brought here.
  useLayoutEffect(() => {
    if (target === before.current) return;
    changed(target, before.current);
    before.current = target;
  }, [target]);
  return target;
}
