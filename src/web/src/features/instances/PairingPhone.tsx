import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { useT } from "@/lib/i18n";
import { parsePhone } from "@/lib/phone";
import css from "./Dialogs.module.css";

/** For whom the camera is no way: the gateway gives a code to type once it knows the phone. */
export function PairingPhone({ onAsk }: { onAsk: (phone: string) => void }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const phone = parsePhone(typed);

  if (!open)
    return (
      <Button look="link" onClick={() => setOpen(true)}>
        {t("pairing.byPhone")}
      </Button>
    );

  function submit(event: FormEvent) {
    event.preventDefault();
    if (phone) onAsk(phone);
  }

  return (
    <form className={css.phone} onSubmit={submit}>
      <Field
        label={t("pairing.phone")}
        type="tel"
        autoFocus
        autoComplete="off"
        placeholder="+55 11 98765-4321"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button type="submit" disabled={!phone}>
        {t("pairing.askCode")}
      </Button>
    </form>
  );
}
