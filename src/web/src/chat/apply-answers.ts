import { StateDraft } from "./state-draft";
import type { ChatState } from "./state";
import type { AroundPage, Conversation, GroupDetails, Instance, Message, Page } from "./types";

type Change = (draft: StateDraft) => void;

const change = (state: ChatState, make: Change): ChatState => {
  const draft = new StateDraft(state);
  make(draft);
  return draft.finish();
};

/** A page of the list; `listed` is false for search results, which don't move its cursor. */
export const applyConversations = (state: ChatState, page: Page<Conversation>, listed: boolean) =>
  change(state, (draft) => {
    for (const conversation of page.items) draft.putConversation(conversation);
    if (!listed) return;
    draft.set("listLoaded", true);
    draft.set("listCursor", page.next_cursor);
    const last = page.items.at(-1);
    if (last) draft.set("listEnd", last.last_activity_at);
  });

export const applyConversation = (state: ChatState, conversation: Conversation) =>
  change(state, (draft) => draft.putConversation(conversation));

/** The answer for an id that stands for another conversation now. */
export const applyForwarded = (state: ChatState, askedId: string, conversation: Conversation) =>
  change(state, (draft) => {
    draft.forward(askedId, conversation.id);
    draft.putConversation(conversation);
  });

export const applyInstances = (state: ChatState, instances: readonly Instance[]) =>
  change(state, (draft) => {
    for (const instance of instances) draft.putInstance(instance);
    draft.set("instancesLoaded", true);
  });

export const applyGroup = (state: ChatState, group: GroupDetails) =>
  change(state, (draft) => draft.putGroup(group));

/** From here on its messages are kept, also those that come while its first page is under way. */
export const applyOpened = (state: ChatState, conversationId: string) =>
  change(state, (draft) => draft.openThread(conversationId));

export const applyNewest = (state: ChatState, conversationId: string, page: Page<Message>) =>
  change(state, (draft) => draft.putNewest(conversationId, page));

/** What comes before the page that ended with this cursor. */
export const applyOlder = (
  state: ChatState,
  conversationId: string,
  page: Page<Message>,
  before: string,
) => change(state, (draft) => draft.putOlder(conversationId, page, before));

/** What comes after this message. */
export const applyNewer = (
  state: ChatState,
  conversationId: string,
  page: AroundPage,
  after: string,
) => change(state, (draft) => draft.putNewer(conversationId, page, after));

export const applyAround = (state: ChatState, conversationId: string, page: AroundPage) =>
  change(state, (draft) => draft.putAround(conversationId, page));

export const applyMessage = (state: ChatState, message: Message) =>
  change(state, (draft) => draft.putMessage(message));
