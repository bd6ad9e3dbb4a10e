import { createStore, useStore } from "@/lib/external-store";
import { guardRequests, request, RequestError, inBackground } from "@/lib/http";
import { otherTabs } from "@/lib/other-tabs";
import { untilAnswered } from "@/lib/retry";
import { chat, useChat } from "./chat-store";
import { clearComposeTarget } from "./compose-target";
import { followLog } from "./live";
import { loadConversations, loadInstances } from "./load";
import { forgetAskedChanges } from "./message-changes";
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

/** A browser has one session: who signs in or out does so in all its tabs. */
const tabs = otherTabs<null>("session");

tabs.onTold(() => void inBackground(lookAgain()));

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
  tabs.tell(null);
}

export async function signOut(): Promise<void> {
  await request<void>("POST", "/api/auth/sign-out");
  leave(false);
  forget();
  tabs.tell(null);
}

/** What somebody began on this page is not for the next one to go on with. */
export function onAnotherUser(then: () => void): void {
  anotherUser.add(then);
}

const anotherUser = new Set<() => void>([clearComposeTarget, forgetAskedChanges]);

function enter(me: Me): void {
  live?.abort();
  guardRequests({ csrfToken: me.csrf_token, userId: me.user.id });
  // After the same user's sign-in everything goes on where it stopped.
  if (lastUser?.id !== me.user.id) {
    chat.set((state) => emptyState(state.epoch + 1, me.seq));
    for (const then of anotherUser) then();
  }
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
  guardRequests({ userId: null });
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

async function lookAgain(): Promise<void> {
  follow(await untilAnswered(() => request<Me>("GET", "/api/me")));
}

/** The page becomes theirs when the session is another user's now. */
function follow(me: Me): void {
  const current = session.get();
  if (current.phase === "signed_in" && current.me.user.id === me.user.id) {
    guardRequests({ csrfToken: me.csrf_token });
    return;
  }
  if (current.phase === "signed_in") leave(false);
  enter(me);
}

async function renewCsrfToken(): Promise<string> {
  const me = await request<Me>("GET", "/api/me");
  follow(me);
  return me.csrf_token;
}
