import { useState, type FormEvent } from "react";
import { useChat } from "@/chat/chat-store";
import { startConversation } from "@/chat/load";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field, SelectField } from "@/components/ui/Field";
import { useT } from "@/lib/i18n";
import { parsePhone } from "@/lib/phone";
import { problemText } from "@/lib/problem";
import { conversationPath, navigate } from "@/lib/router";
import css from "./NewConversation.module.css";

export function NewConversation({ onClose }: { onClose: () => void }) {
  const t = useT();
  const all = useChat((state) => state.instances);
  const instances = [...all.values()]
    .filter((one) => !one.deleted_at)
    .toSorted((a, b) => Number(a.gateway === "sandbox") - Number(b.gateway === "sandbox"));
  const [instanceId, setInstanceId] = useState(instances[0]?.id ?? "");
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const phone = parsePhone(typed);
    if (!phone) return setProblem(t("new.invalid"));
    setBusy(true);
    try {
      navigate(conversationPath(await startConversation(instanceId, phone)));
      onClose();
    } catch (error) {
      setProblem(problemText(t, error));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("new.title")} onClose={onClose}>
      <form className={css.form} onSubmit={submit}>
        <Field
          label={t("new.phone")}
          type="tel"
          inputMode="tel"
          placeholder="+55 11 98765-4321"
          autoFocus
          value={typed}
          error={problem}
          onChange={(event) => {
            setTyped(event.target.value);
            setProblem(null);
          }}
        />
        <SelectField
          label={t("new.instance")}
          value={instanceId}
          onChange={(event) => setInstanceId(event.target.value)}
        >
          {instances.map((instance) => (
            <option key={instance.id} value={instance.id}>
              {instance.name}
            </option>
          ))}
        </SelectField>
        <Button look="accent" type="submit" disabled={busy || !instanceId}>
          {t("new.start")}
        </Button>
      </form>
    </Dialog>
  );
}
