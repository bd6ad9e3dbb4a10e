import { Check, QrCode } from "lucide-react";
import { encodeQR } from "qr";
import { useCallback, useMemo, useState } from "react";
import type { Instance } from "@/chat/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useT } from "@/lib/i18n";
import { formatPhone } from "@/lib/phone";
import { causeOf } from "./cause";
import { PairingPhone } from "./PairingPhone";
import { usePairing } from "./use-pairing";
import css from "./Dialogs.module.css";

/** The code to scan, or to type, as it changes, until the phone has scanned it. */
export function PairingDialog({ instance, onClose }: { instance: Instance; onClose: () => void }) {
  const t = useT();
  const { pairing, problem, ask, tryAgain } = usePairing(instance);
  const [broken, setBroken] = useState<string | null>(null);
  const { base64, code } = pairing ?? {};
  const picture = base64 !== broken ? base64 : null;
  const { name, state, phone } = instance;

  if (state === "open")
    return (
      <Dialog title={t("pairing.title", { name })} onClose={onClose}>
        <div className={css.pairing} role="status">
          <span className={css.connected}>
            <Check size={34} aria-hidden="true" />
          </span>
          <p>{t("pairing.done", { phone: phone ? formatPhone(phone) : name })}</p>
          <Button look="accent" autoFocus onClick={onClose}>
            {t("dialog.close")}
          </Button>
        </div>
      </Dialog>
    );
  const cause = state === "refused" ? causeOf(instance) : null;
  const trouble = problem ?? (cause && t(cause));
  return (
    <Dialog title={t("pairing.title", { name })} onClose={onClose}>
      <div className={css.pairing}>
        <div className={css.qr} data-waiting={!(picture || code) || undefined} role="status">
          {picture ? (
            <Picture base64={picture} label={t("pairing.qr")} onBroken={() => setBroken(picture)} />
          ) : code ? (
            <Drawn code={code} label={t("pairing.qr")} />
          ) : (
            <span>
              <QrCode size={40} aria-hidden="true" style={{ margin: "0 auto 10px" }} />
              {t(trouble ? "pairing.none" : "pairing.waiting")}
            </span>
          )}
        </div>
        {pairing?.pairing_code && (
          <div>
            <p>{t("pairing.orCode")}</p>
            <p className={css.code}>{pairing.pairing_code}</p>
          </div>
        )}
        <PairingPhone onAsk={ask} />
        {trouble && (
          <>
            <p role="alert">{trouble}</p>
            <Button onClick={tryAgain}>{t("message.tryAgain")}</Button>
          </>
        )}
        <ol className={css.steps}>
          <li>{t("pairing.step1")}</li>
          <li>{t("pairing.step2")}</li>
          <li>{t(pairing?.pairing_code ? "pairing.step3Typed" : "pairing.step3")}</li>
        </ol>
      </div>
    </Dialog>
  );
}

interface PictureProps {
  base64: string;
  label: string;
  onBroken: () => void;
}

/** The page's policy lets pictures come from blobs, not from data addresses. */
function Picture({ base64, label, onBroken }: PictureProps) {
  const draw = useCallback(
    (image: HTMLImageElement) => {
      const text = atob(base64.replace(/^data:[^,]*,/, ""));
      const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
      const address = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
      image.src = address;
      return () => URL.revokeObjectURL(address);
    },
    [base64],
  );
  return <img ref={draw} alt={label} onError={onBroken} />;
}

/** Of a gateway that tells only what the picture says. */
function Drawn({ code, label }: { code: string; label: string }) {
  const modules = useMemo(() => encodeQR(code, "raw", { border: 1 }), [code]);
  const path = modules
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return (
    <svg viewBox={`0 0 ${modules.length} ${modules.length}`} role="img" aria-label={label}>
      <path d={path} />
    </svg>
  );
}
