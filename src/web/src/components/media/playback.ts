import type { Attachment } from "@/chat/types";
import { createStore, useStore } from "@/lib/external-store";
import { recall, remember } from "@/lib/remembered";
import { contentPath } from "./content-path";

export const RATES = [1, 1.5, 2] as const;

interface Playback {
  /** The attachment that was started last. */
  id: string | null;
  playing: boolean;
  seconds: number;
  total: number;
  rate: number;
  unplayable: boolean;
}

const playback = createStore<Playback>({
  id: null,
  playing: false,
  seconds: 0,
  total: 0,
  rate: recall<number>("rate") ?? 1,
  unplayable: false,
});

/** One element for all: it goes on when its bubble scrolls away, and two never speak at once. */
const audio = new Audio();
audio.preload = "auto";
let video: HTMLVideoElement | null = null;

const put = (changes: Partial<Playback>) => playback.set((held) => ({ ...held, ...changes }));

audio.addEventListener("play", () => put({ playing: true }));
audio.addEventListener("pause", () => put({ playing: false }));
audio.addEventListener("timeupdate", () => put({ seconds: audio.currentTime }));
audio.addEventListener("durationchange", () => {
  // Voice notes of some phones don't say how long they are.
  if (Number.isFinite(audio.duration)) put({ total: audio.duration });
});
audio.addEventListener("ended", () => put({ playing: false, seconds: 0 }));
audio.addEventListener("error", () => put({ playing: false, unplayable: true }));

export interface AudioState {
  playing: boolean;
  seconds: number;
  total: number;
  rate: number;
  unplayable: boolean;
  /** It was started, and no other one since. */
  current: boolean;
}

export function useAudio(attachment: Attachment): AudioState {
  const state = useStore(playback, (held) => (held.id === attachment.id ? held : null));
  const total = state?.total || attachment.duration_seconds || 0;
  return state
    ? { ...state, total, current: true }
    : { playing: false, seconds: 0, total, rate: 1, unplayable: false, current: false };
}

export function toggleAudio(attachment: Attachment): void {
  if (playback.get().id !== attachment.id) take(attachment);
  else if (!audio.paused) {
    audio.pause();
    return;
  }
  void start();
}

export function seekAudio(attachment: Attachment, seconds: number): void {
  if (playback.get().id !== attachment.id) take(attachment);
  audio.currentTime = seconds;
  put({ seconds });
}

export function changeRate(): void {
  const { rate } = playback.get();
  const next = RATES[(RATES.indexOf(rate as (typeof RATES)[number]) + 1) % RATES.length]!;
  audio.playbackRate = next;
  remember("rate", next);
  put({ rate: next });
}

/** A video that starts to play ends what else is heard. */
export function takeFloor(element: HTMLVideoElement): void {
  audio.pause();
  if (video !== element) video?.pause();
  video = element;
}

function take(attachment: Attachment): void {
  audio.src = contentPath(attachment);
  const total = attachment.duration_seconds ?? 0;
  put({ id: attachment.id, playing: false, seconds: 0, total, unplayable: false });
}

async function start(): Promise<void> {
  video?.pause();
  audio.playbackRate = playback.get().rate;
  try {
    await audio.play();
  } catch (error) {
    // Another one took its place, or its error event tells why.
    if (!(error instanceof DOMException)) throw error;
  }
}
