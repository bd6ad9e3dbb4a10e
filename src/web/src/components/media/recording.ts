import { newId } from "@/lib/new-id";
import type { Attachment } from "@/chat/types";
import { levelOf, waveformOf } from "./voice-levels";

/** As the browsers have them: Firefox, Chrome, Safari. */
const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const EVERY = 60;

export interface VoiceNote {
  file: File;
  attachment: Attachment;
}

/** A voice note while it is spoken. */
export class Recording {
  readonly levels: number[] = [];
  readonly #stream: MediaStream;
  readonly #recorder: MediaRecorder;
  readonly #context = new AudioContext();
  readonly #parts: Blob[] = [];
  readonly #timer: ReturnType<typeof setInterval>;

  private constructor(stream: MediaStream, onHeard: () => void) {
    this.#stream = stream;
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.#recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {});
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#parts.push(data));
    const analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      if (this.paused) return;
      analyser.getFloatTimeDomainData(samples);
      this.levels.push(levelOf(samples));
      onHeard();
    }, EVERY);
    this.#recorder.start();
  }

  /** Asks for the microphone; rejects with the browser's DOMException when there is none to have. */
  static async start(onHeard: () => void): Promise<Recording> {
    return new Recording(await navigator.mediaDevices.getUserMedia({ audio: true }), onHeard);
  }

  static get possible(): boolean {
    return "mediaDevices" in navigator && "MediaRecorder" in window;
  }

  get paused(): boolean {
    return this.#recorder.state !== "recording";
  }

  get seconds(): number {
    return (this.levels.length * EVERY) / 1_000;
  }

  toggle(): void {
    if (this.paused) this.#recorder.resume();
    else this.#recorder.pause();
  }

  async finish(): Promise<VoiceNote> {
    const stopped = new Promise((resolve) => this.#recorder.addEventListener("stop", resolve));
    this.#recorder.stop();
    await stopped;
    this.discard();
    const type = this.#recorder.mimeType.split(";")[0]!;
    const file = new File(this.#parts, `voice.${type.split("/")[1]}`, { type });
    return { file, attachment: this.#attachmentOf(file) };
  }

  /** Gives the microphone back. */
  discard(): void {
    clearInterval(this.#timer);
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
    for (const track of this.#stream.getTracks()) track.stop();
    if (this.#context.state !== "closed") void this.#context.close();
  }

  #attachmentOf(file: File): Attachment {
    return {
      id: newId(),
      kind: "voice",
      mime_type: file.type,
      file_name: file.name,
      size_bytes: file.size,
      state: "ready",
      reason_code: null,
      width: null,
      height: null,
      duration_seconds: Math.round(this.seconds * 10) / 10,
      waveform: waveformOf(this.levels),
    };
  }
}
