import { LocateFixed } from "lucide-react";
import { useState } from "react";
import type { Outgoing } from "@/chat/unsent";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { useT, type Key } from "@/lib/i18n";
import { readCoordinates } from "./limits";
import { AskingForm } from "./AskingForm";
import css from "./Asking.module.css";

interface LocationDialogProps {
  onSend: (outgoing: Outgoing) => void;
  onClose: () => void;
}

const PATIENCE = 15_000;
const DIGITS = 6;

export function LocationDialog({ onSend, onClose }: LocationDialogProps) {
  const t = useT();
  const [typed, setTyped] = useState("");
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const [problem, setProblem] = useState<Key | null>(null);
  const [looking, setLooking] = useState(false);

  function locate() {
    setLooking(true);
    setProblem(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setLooking(false);
        setTyped(`${coords.latitude.toFixed(DIGITS)}, ${coords.longitude.toFixed(DIGITS)}`);
      },
      ({ code }) => {
        setLooking(false);
        setProblem(
          code === GeolocationPositionError.PERMISSION_DENIED ? "place.denied" : "place.notFound",
        );
      },
      { enableHighAccuracy: true, timeout: PATIENCE },
    );
  }

  function submit() {
    const place = readCoordinates(typed);
    if (!place) return setProblem("place.invalid");
    const [named, at] = [name.trim() || null, address.trim() || null];
    onSend({ type: "location", text: "", content: { ...place, name: named, address: at } });
  }

  return (
    <AskingForm title={t("place.title")} onSubmit={submit} onClose={onClose}>
      <Field
        label={t("place.coordinates")}
        placeholder="-23.5614, -46.6559"
        autoFocus
        autoComplete="off"
        value={typed}
        error={problem && t(problem)}
        onChange={(event) => {
          setTyped(event.target.value);
          setProblem(null);
        }}
      />
      <Button
        className={css.here}
        disabled={looking || !("geolocation" in navigator) || !isSecureContext}
        title={isSecureContext ? undefined : t("place.insecure")}
        onClick={locate}
      >
        <LocateFixed size={16} aria-hidden="true" />
        {t(looking ? "place.looking" : "place.here")}
      </Button>
      <Field
        label={t("place.name")}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label={t("place.address")}
        value={address}
        onChange={(event) => setAddress(event.target.value)}
      />
    </AskingForm>
  );
}
