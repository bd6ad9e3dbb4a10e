import { useEffect, useEffectEvent, useReducer, useRef, useState } from "react";
import type { Key } from "@/lib/i18n";
import { Recording, type VoiceNote } from "./recording";

/** Who leaves the conversation while speaking finds what was said there again. */
export function useRecording(onLeft: (note: VoiceNote) => void) {
  const [recording, setRecording] = useState<Recording | null>(null);
  const [problem, setProblem] = useState<Key | null>(null);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const held = useRef<Recording | null>(null);
  const gone = useRef(false);
  const left = useEffectEvent(onLeft);

  function hold(next: Recording | null) {
    held.current = next;
    setRecording(next);
  }

  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      const spoken = held.current;
      held.current = null;
      if (spoken) void spoken.finish().then(left);
    };
  }, []);

  return {
    recording,
    problem,
    async start() {
      setProblem(Recording.possible ? null : "voice.impossible");
      if (!Recording.possible) return;
      try {
        const begun = await Recording.start(redraw);
        // Who left while the browser asked for the microphone has nobody to speak to.
        if (gone.current) begun.discard();
        else hold(begun);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        setProblem(error.name === "NotAllowedError" ? "voice.denied" : "voice.noMicrophone");
      }
    },
    toggle() {
      recording?.toggle();
      redraw();
    },
    discard() {
      recording?.discard();
      hold(null);
    },
    async finish(): Promise<VoiceNote | null> {
      const spoken = recording;
      hold(null);
      return spoken ? spoken.finish() : null;
    },
  };
}
