import { useEffect, useEffectEvent } from "react";
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
  const begin = useEffectEvent(() => target && onChange(target, null));
  useEffect(() => {
    let before = composeTarget.get();
    begin();
    return composeTarget.subscribe(() => {
      const now = composeTarget.get();
      if (now === before) return;
      changed(now, before);
      before = now;
    });
  }, []);
  return target;
}
