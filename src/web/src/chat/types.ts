/** The shapes that the server's JSON has; see docs/flow.md for the message states. */
export type MessageStatus =
  | "received"
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "read"
  | "played"
  | "failed"
  | "unknown";

export interface Failure {
  code: string;
  /** The gateway's own words. */
  text: string | null;
}

export interface Sender {
  kind: "contact" | "user" | "phone";
  id: string | null;
  name: string | null;
}

export interface Message {
  id: string;
  conversation_id: string;
  wa_id: string | null;
  client_message_id: string | null;
  direction: "in" | "out";
  type: "text" | "unsupported";
  text: string | null;
  status: MessageStatus;
  error: Failure | null;
  sent_at: string;
  arrival: number;
  sender: Sender | null;
  edited_at: string | null;
  deleted_at: string | null;
  version: number;
}

export type ConversationStatus = "open" | "snoozed" | "resolved";

export interface Conversation {
  id: string;
  instance_id: string;
  kind: "direct" | "group";
  contact: { id: string; name: string | null; phone: string; version: number } | null;
  group: { id: string; jid: string; name: string | null } | null;
  status: ConversationStatus;
  assignee: { id: string } | null;
  unread_count: number;
  last_message: Message | null;
  last_activity_at: string;
  created_at: string;
  version: number;
}

export interface Instance {
  id: string;
  name: string;
  gateway: "evolution" | "cloud" | "sandbox";
  base_url: string | null;
  instance_name: string | null;
  state: "open" | "connecting" | "close" | "refused" | "unreachable" | "unknown";
  state_reason: string | null;
  phone: string | null;
  qr_at: string | null;
  version: number;
  created_at: string;
  deleted_at?: string | null;
}

export type Role = "owner" | "admin" | "agent" | "viewer";

export interface User {
  id: string;
  name: string;
  role: Role;
  disabled_at: string | null;
  version: number;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  seq: number;
}

export type LiveEvent = { seq: number; at: string } & (
  | {
      type: "message.created" | "message.updated";
      data: { message: Message; conversation: Conversation };
    }
  | { type: "conversation.updated"; data: { conversation: Conversation } }
  | {
      type: "conversation.joined";
      /** Null where only senders of a group were joined. */
      data: { joined_id: string | null; conversation: Conversation };
    }
  | { type: "instance.updated"; data: { instance: Instance } }
  | { type: "user.updated"; data: { user: User } }
  | { type: "reset"; data: object }
);

export interface Me {
  user: { id: string; email: string; name: string };
  tenant: { id: string; name: string };
  role: Role;
  csrf_token: string;
  seq: number;
}
