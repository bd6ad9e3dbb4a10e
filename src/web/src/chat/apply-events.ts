import { emptyState, type ChatState } from "./state";
import { StateDraft } from "./state-draft";
import type { LiveEvent } from "./types";

/**
 * Every event carries the whole new state of its thing, and only a newer version replaces what is
 * held: repeated, late and reordered events change nothing.
 */
export function applyEvents(state: ChatState, events: readonly LiveEvent[]): ChatState {
  const reset = events.findLastIndex((event) => event.type === "reset");
  if (reset >= 0) {
    const fresh = emptyState(state.epoch + 1, events[reset]!.seq);
    return applyEvents(fresh, events.slice(reset + 1));
  }
  const draft = new StateDraft(state);
  for (const event of events) {
    applyTo(draft, event);
    draft.advance(event.seq);
  }
  return draft.finish();
}

export const applyEvent = (state: ChatState, event: LiveEvent) => applyEvents(state, [event]);

function applyTo(draft: StateDraft, event: LiveEvent): void {
  switch (event.type) {
    case "message.created":
    case "message.updated":
      draft.putConversation(event.data.conversation);
      draft.putMessage(event.data.message);
      break;
    case "conversation.updated":
      draft.putConversation(event.data.conversation);
      break;
    case "conversation.joined":
      draft.join(event.data.joined_id, event.data.conversation, event.seq);
      break;
    case "contact.updated":
      draft.putContact(event.data.contact);
      break;
    case "instance.updated":
      draft.putInstance(event.data.instance);
      break;
    case "user.updated":
      draft.putUser(event.data.user);
      break;
    // Kinds to come are for a newer page.
    default:
      break;
  }
}
