import { createStore, useStore } from "@/lib/external-store";
import { guardRequests, request, RequestError, inBackground } from "@/lib/http";
import { untilAnswered } from "@/lib/retry";
import { chat, useChat } from "./chat-store";
import { followLog } from "./live";
import { loadConversations, loadInstances } from "./load";
import { closeOutbox, openOutbox } from "./outbox";
import { emptyState } from "./state";
import type { Me } from "./types";

export type Session =
  | { phase: "unknown" }
  | { phase: "signed_out"; email: string; expired: boolean }
  | { phase: "signed_in"; me: Me };

export const session = createStore<Session>({ phase: "unknown" });

let lastUser: Me["user"] | null = null;
let live: AbortController | null = null;

export function useMe(): Me {
  const current = useStore(session, (state) => state);
  if (current.phase !== "signed_in") throw new Error("Only a signed-in page asks who it is.");
  const { me } = current;
  const changed = useChat((state) => state.users.get(me.user.id));
  if (!changed) return me;
  return { ...me, role: changed.role, user: { ...me.user, name: changed.name } };
}

export async function resumeSession(): Promise<void> {
  guardRequests({ onUnauthenticated: expire, renewCsrfToken });
  try {
    enter(await untilAnswered(() => request<Me>("GET", "/api/me")));
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    leave(false);
  }
}

export async function signIn(email: string, password: string): Promise<void> {
  await request<void>("POST", "/api/auth/sign-in", { email, password });
  enter(await request<Me>("GET", "/api/me"));
}

export async function signOut(): Promise<void> {
  await request<void>("POST", "/api/auth/sign-out");
  leave(false);
  forget();
}

function enter(me: Me): void {
  guardRequests({ csrfToken: me.csrf_token });
  // After the same user's sign-in everything goes on where it stopped.
  if (lastUser?.id !== me.user.id) chat.set((state) => emptyState(state.epoch + 1, me.seq));
  lastUser = me.user;
  session.set({ phase: "signed_in", me });
  openOutbox(me.user.id);
  load();
  live = new AbortController();
  const following = followLog(live.signal, (end) => (end === "reset" ? startAfresh() : expire()));
  void inBackground(following);
}

function expire(): void {
  if (session.get().phase === "signed_in") leave(true);
}

function leave(expired: boolean): void {
  live?.abort();
  live = null;
  closeOutbox();
  session.set({ phase: "signed_out", email: lastUser?.email ?? "", expired });
}

function forget(): void {
  lastUser = null;
  chat.set((state) => emptyState(state.epoch + 1));
}

/** The log no longer reaches back to where we were: everything is loaded again, from its head. */
async function startAfresh(): Promise<void> {
  const me = await untilAnswered(() => request<Me>("GET", "/api/me"));
  chat.set((state) => emptyState(state.epoch + 1, me.seq));
  load();
}

function load(): void {
  void inBackground(loadInstances());
  if (!chat.get().listLoaded) void inBackground(loadConversations());
}

async function renewCsrfToken(): Promise<string> {
  const me = await request<Me>("GET", "/api/me");
  guardRequests({ csrfToken: me.csrf_token });
  return me.csrf_token;
}
