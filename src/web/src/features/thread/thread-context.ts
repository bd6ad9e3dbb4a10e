import { createContext, use } from "react";
import type { Instance, Message } from "@/chat/types";

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
