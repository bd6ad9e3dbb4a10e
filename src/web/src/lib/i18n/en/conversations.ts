import type { Words } from "../catalogue";
import type { conversations as ptBR } from "../pt-BR/conversations";

export const conversations: Words<typeof ptBR> = {
  "list.title": "Conversations",
  "list.label": "Conversation list",
  "list.search": "Search name or number",
  "list.clear": "Clear search",
  "list.new": "New conversation",
  "list.unread": { one: "{count} unread message", other: "{count} unread messages" },
  "list.resolved": "Resolved",
  "list.snoozed": "Snoozed",
  "list.empty": "No conversation yet",
  "list.emptyHint": "The first one appears here as soon as someone writes to one of your numbers.",
  "list.emptyStep": "Write from the test phone",
  "list.noMatch": "Nothing found",
  "list.noMatchHint": "No name or number with “{query}”.",
  "list.leftUnsent": "Not sent",
  "list.noText": "No messages",
  "list.groupPreview": "{name}: {text}",
  "list.loading": "Loading conversations",

  "new.title": "New conversation",
  "new.phone": "Number with country and area code",
  "new.instance": "Send from",
  "new.start": "Start",
  "new.invalid": "Check the number: it needs its country and area code.",

  "day.today": "Today",
  "day.yesterday": "Yesterday",
};
