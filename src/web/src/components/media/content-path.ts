import { localContent } from "@/chat/local-content";
import type { Attachment } from "@/chat/types";

const path = ({ id }: Attachment) => `/api/attachments/${id}/content`;

export const contentPath = (attachment: Attachment) =>
  localContent(attachment.id) ?? path(attachment);

export const downloadPath = (attachment: Attachment) => `${path(attachment)}?download=1`;
