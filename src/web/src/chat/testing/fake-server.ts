import { compareConversations, compareMessages } from "../state";
import type {
  Contact,
  Conversation,
  GroupDetails,
  Instance,
  LiveEvent,
  Message,
  MessageStatus,
  Page,
} from "../types";

const PAGE = 50;
const START = Date.parse("2026-11-20T10:00:00Z");

/** The server's side of the contract in memory: what it holds, and the events it tells of it. */
export class FakeServer {
  seq = 0;
  #random: () => number;
  #clock = START;
  #conversations = new Map<string, Conversation>();
  #messages = new Map<string, Message[]>();

  constructor(
    seed: number,
    private readonly joins = false,
  ) {
    this.#random = randomFrom(seed);
  }

  conversationIds = () => [...this.#conversations.keys()];

  conversations(): Page<Conversation> {
    const items = [...this.#conversations.values()].toSorted(compareConversations);
    return { items: structuredClone(items), next_cursor: null, seq: this.seq };
  }

  messages(id: string, before?: string | null): Page<Message> {
    const all = this.#messages.get(id)!;
    const end = before ? Number(before) : all.length;
    const start = Math.max(0, end - PAGE);
    const items = structuredClone(all.slice(start, end));
    return { items, next_cursor: start > 0 ? String(start) : null, seq: this.seq };
  }

  wholeThread = (id: string) => structuredClone(this.#messages.get(id)!);

  start(): string {
    const id = `c${this.seq}`;
    this.#conversations.set(id, newConversation(id, this.#tick()));
    this.#messages.set(id, []);
    return id;
  }

  receive(id: string, text: string): LiveEvent {
    const arrival = this.seq + 1;
    const message = newMessage(`m${arrival}`, id, text, arrival, this.#tick());
    // A gateway's clock may put a message before others that are here already.
    if (this.#random() < 0.2) message.sent_at = new Date(this.#clock - 5_000).toISOString();
    const thread = this.#messages.get(id)!;
    thread.push(message);
    thread.sort(compareMessages);
    const conversation = this.#touch(id);
    conversation.unread_count++;
    return this.#tell("message.created", { message, conversation });
  }

  /** The second one becomes part of the first. */
  join(id: string, joined_id: string): LiveEvent {
    const moved = [...this.#messages.get(id)!, ...this.#messages.get(joined_id)!];
    for (const message of moved) {
      message.conversation_id = id;
      message.version++;
    }
    this.#messages.set(id, moved.toSorted(compareMessages));
    const kept = this.#touch(id);
    const gone = this.#conversations.get(joined_id)!;
    kept.unread_count += gone.unread_count;
    kept.version = Math.max(kept.version, gone.version) + 1;
    this.#conversations.delete(joined_id);
    this.#messages.delete(joined_id);
    return this.#tell("conversation.joined", { joined_id, conversation: kept });
  }

  step(): LiveEvent {
    const ids = this.conversationIds();
    const id = ids[Math.floor(this.#random() * ids.length)];
    const choice = this.#random();
    if (!id || choice < 0.1) return this.receive(this.start(), "first");
    if (this.joins && choice < 0.14 && ids.length > 2)
      return this.join(ids[0] === id ? ids[1]! : ids[0]!, id);
    const message = this.#messages.get(id)!.at(-1)!;
    if (choice < 0.5) return this.receive(id, `text ${this.seq}`);
    if (choice < 0.8) {
      message.status = "read" satisfies MessageStatus;
      message.version++;
      return this.#tell("message.updated", { message, conversation: this.#touch(id) });
    }
    const conversation = this.#touch(id);
    conversation.unread_count = 0;
    return this.#tell("conversation.updated", { conversation });
  }

  /** An instance made, changed and deleted. */
  instanceLife(): [LiveEvent, LiveEvent, LiveEvent] {
    const tell = (change: Partial<Instance>) =>
      this.#tell("instance.updated", { instance: { ...newInstance("i1"), ...change } });
    return [
      tell({ version: 1 }),
      tell({ version: 2, state: "open" }),
      tell({ version: 3, deleted_at: this.#tick() }),
    ];
  }

  #touch(id: string): Conversation {
    const conversation = this.#conversations.get(id)!;
    const last = this.#messages.get(id)!.at(-1)!;
    conversation.last_message = last;
    conversation.last_activity_at = last.sent_at;
    conversation.version++;
    return conversation;
  }

  #tell(type: Exclude<LiveEvent["type"], "reset">, data: object): LiveEvent {
    const at = this.#tick();
    return structuredClone({ seq: ++this.seq, type, at, data }) as LiveEvent;
  }

  #tick(): string {
    this.#clock += 1000;
    return new Date(this.#clock).toISOString();
  }
}

export const steps = (server: FakeServer, count: number) =>
  Array.from({ length: count }, () => server.step());

export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = randomFrom(seed);
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function randomFrom(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function newConversation(id: string, at: string): Conversation {
  return {
    id,
    instance_id: "i1",
    kind: "direct",
    contact: { id: `contact-${id}`, name: id, phone: "+5511987654321", picture: null, version: 1 },
    group: null,
    status: "open",
    assignee: null,
    unread_count: 0,
    last_message: null,
    last_activity_at: at,
    created_at: at,
    version: 1,
  };
}

export function newMessage(
  id: string,
  conversation_id: string,
  text: string,
  arrival: number,
  sent_at: string,
): Message {
  return {
    id,
    conversation_id,
    wa_id: id,
    client_message_id: null,
    direction: "in",
    type: "text",
    text,
    content: null,
    status: "received",
    error: null,
    sent_at,
    arrival,
    sender: null,
    reply_to: null,
    mentions: [],
    reactions: [],
    attachments: [],
    edits: [],
    edited_at: null,
    deleted_at: null,
    change: null,
    version: 1,
  };
}

export const newGroup = (id: string, ...members: Contact[]): GroupDetails => ({
  id,
  jid: `${id}@g.us`,
  name: id,
  description: null,
  owner: null,
  participants: members.map((contact) => ({ contact, admin: false, jid: `${contact.id}@lid` })),
});

export function newInstance(id: string): Instance {
  return {
    id,
    name: "Loja",
    gateway: "sandbox",
    base_url: null,
    instance_name: null,
    state: "connecting",
    state_reason: null,
    state_code: null,
    alarm: null,
    phone: null,
    qr_at: null,
    version: 1,
    created_at: new Date(START).toISOString(),
    deleted_at: null,
    abilities: ["text", "reply", "react", "edit", "delete"],
    text_limit: 65_536,
  };
}
