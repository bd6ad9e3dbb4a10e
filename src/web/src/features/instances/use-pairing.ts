import { useEffect, useState } from "react";
import type { Instance } from "@/chat/types";
import { RequestError } from "@/lib/http";
import { useT } from "@/lib/i18n";
import { problemText } from "@/lib/problem";
import { connect, readQr, type Pairing } from "./api";

interface PairingState {
  pairing: Pairing | null;
  problem: string | null;
  /** A code to type on this phone, or to scan. */
  ask: (phone: string | null) => void;
  tryAgain: () => void;
}

/** Asks the gateway to connect once, and again for each phone, then shows each code that it makes. */
export function usePairing({ id, qr_at }: Instance): PairingState {
  const t = useT();
  const [pairing, setPairing] = useState<Pairing | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ phone: string | null }>({ phone: null });

  useEffect(
    () =>
      whileShown((shown) =>
        hold(connect(id, asked.phone), shown, setPairing, (e) => setProblem(problemText(t, e))),
      ),
    [id, asked, t],
  );

  useEffect(() => {
    if (!qr_at) return;
    return whileShown((shown) =>
      hold(readQr(id), shown, (next) => {
        // The code to type isn't always told again with the picture.
        if (next) setPairing((held) => ({ ...held, ...next }));
      }),
    );
  }, [id, qr_at]);

  return {
    pairing,
    problem,
    ask(phone) {
      setProblem(null);
      // One that was shown before ends with the session that it was for.
      setPairing(null);
      setAsked({ phone });
    },
    tryAgain() {
      setProblem(null);
      setAsked({ ...asked });
    },
  };
}

function whileShown(start: (shown: () => boolean) => Promise<void>): () => void {
  let shown = true;
  void start(() => shown);
  return () => {
    shown = false;
  };
}

async function hold<T>(
  asked: Promise<T>,
  shown: () => boolean,
  then: (answer: T) => void,
  otherwise?: (error: RequestError) => void,
): Promise<void> {
  try {
    const answer = await asked;
    if (shown()) then(answer);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (shown()) otherwise?.(error);
  }
}
