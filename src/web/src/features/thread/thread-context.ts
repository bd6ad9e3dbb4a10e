import { createContext, use } from "react";
import { useChat } from "@/chat/chat-store";
import { senderName } from "@/chat/naming";
import type { Instance, Message, Sender } from "@/chat/types";
import { useT } from "@/lib/i18n";

/** What all bubbles of a thread know; another value draws them all again. */
export interface ThreadScene {
  /** Of the contact or the group. */
  name: string;
  group: boolean;
  instance: Instance | undefined;
  /** Its number can't send now. */
  parked: boolean;
  canWrite: boolean;
  myId: string;
  openMenu: (message: Message, anchor: HTMLElement) => void;
  openMedia: (attachmentId: string) => void;
}

export const ThreadContext = createContext<ThreadScene | null>(null);

export function useScene(): ThreadScene {
  const scene = use(ThreadContext);
  if (!scene) throw new Error("A bubble lives in a thread.");
  return scene;
}

/** What a writer of the thread is called; null where nobody knows. */
export function useSenderName(sender: Sender | null): string | null {
  const t = useT();
  const scene = useScene();
  const contact = useChat((state) => state.contacts.get(sender?.id ?? ""));
  return senderName(t, sender, scene, contact, scene.myId);
}
