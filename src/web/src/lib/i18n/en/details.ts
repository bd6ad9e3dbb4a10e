import type { Words } from "../catalogue";
import type { details as ptBR } from "../pt-BR/details";

export const details: Words<typeof ptBR> = {
  "details.title": "Conversation details",
  "details.close": "Close details",
  "details.contact": "Contact",
  "details.phone": "Phone",
  "details.number": "Answered by",
  "details.receipts": "Read receipts",
  "details.receipts.none": "Don’t reach who writes",
  "details.since": "Since",
  "details.group": "Group",
  "details.members": { one: "{count} participant", other: "{count} participants" },
  "details.owner": "owner",
  "details.admin": "admin",
  "details.media": "Media",
  "details.documents": "Documents",
  "details.links": "Links",
  "details.gallery": "Files of the conversation",
  "details.noMedia": "No photos or videos yet.",
  "details.noDocuments": "No documents yet.",
  "details.noLinks": "No links yet.",
  "details.more": "See more",
  "details.show": "Show in conversation",
};
