import type { Attachment } from "@/chat/types";

export const contentPath = ({ id }: Attachment) => `/api/attachments/${id}/content`;

export const downloadPath = (attachment: Attachment) => `${contentPath(attachment)}?download=1`;
