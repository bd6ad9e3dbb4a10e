import { createStore } from "@/lib/external-store";
import { asSameUser, inBackground, request, RequestError } from "@/lib/http";
import { untilAnswered } from "@/lib/retry";
import { applyMessage } from "./apply-answers";
import { chat } from "./chat-store";
import type { Failure, Message, MessageChange, Reaction, Sender } from "./types";

/** What somebody here asked for and the server has not taken yet, or refused. */
export interface AskedChange {
  kind: MessageChange["kind"];
  /** The emoji, empty for none; the new text. */
  text: string | null;
  error: Failure | null;
}

export const askedChanges = createStore<ReadonlyMap<string, AskedChange>>(new Map());

export const forgetAskedChanges = () => askedChanges.set(new Map());

const lanes = new Map<string, Promise<void>>();

/** Shown at once, and sent one after the other: the last one asked for is the one that stays. */
export function changeMessage(id: string, kind: AskedChange["kind"], text: string | null): void {
  const change = { kind, text, error: null };
  put(id, change);
  const call = asSameUser(() => send(id, change));
  const sent = (lanes.get(id) ?? Promise.resolve()).then(() => ask(id, change, call));
  lanes.set(id, sent);
  void inBackground(sent);
}

/** Gives a failed change up: the message stays as WhatsApp has it. */
export async function dismissChange(id: string, { asked }: CurrentChange): Promise<void> {
  if (asked) return put(id, null);
  const message = await untilAnswered(
    asSameUser(() => request<Message>("DELETE", `/api/messages/${id}/change`)),
  );
  chat.set((state) => applyMessage(state, message));
}

async function ask(id: string, change: AskedChange, call: () => Promise<Message>): Promise<void> {
  try {
    const message = await untilAnswered(call);
    chat.set((state) => applyMessage(state, message));
    if (isLast(id, change)) put(id, null);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const refused = { code: error.code, text: null };
    if (isLast(id, change)) put(id, error.status === 401 ? null : { ...change, error: refused });
  }
}

function send(id: string, { kind, text }: AskedChange): Promise<Message> {
  const path = `/api/messages/${id}`;
  if (kind === "edit") return request("PATCH", path, { text });
  if (kind === "delete") return request("DELETE", path);
  return text
    ? request("PUT", `${path}/reaction`, { emoji: text })
    : request("DELETE", `${path}/reaction`);
}

const isLast = (id: string, change: AskedChange) => askedChanges.get().get(id) === change;

function put(id: string, change: AskedChange | null): void {
  askedChanges.set((held) => {
    const next = new Map(held);
    if (change) next.set(id, change);
    else next.delete(id);
    return next;
  });
}

/** What is under way, wherever it has got to. */
export interface CurrentChange {
  kind: AskedChange["kind"];
  text: string | null;
  failed: boolean;
  error: Failure | null;
  /** Only this page knows of it. */
  asked: boolean;
}

export function currentChange(message: Message, asked?: AskedChange): CurrentChange | null {
  if (asked) return { ...asked, failed: asked.error !== null, asked: true };
  const { change } = message;
  return change && { ...change, failed: change.state === "failed", asked: false };
}

/** WhatsApp knows one reaction and one vote of the number, whoever of the team gave it. */
export const isOurs = (by: Sender) => by.kind !== "contact";

export interface ShownReaction extends Reaction {
  pending: boolean;
}

export function shownReactions(message: Message, change: CurrentChange | null): ShownReaction[] {
  const held = message.reactions.map((reaction) => ({ ...reaction, pending: false }));
  if (change?.kind !== "reaction" || change.failed) return held;
  const others = held.filter((reaction) => !isOurs(reaction.by));
  if (!change.text) return others;
  const by: Sender = { kind: "user", id: null, name: null };
  return [...others, { emoji: change.text, by, at: message.sent_at, pending: true }];
}
