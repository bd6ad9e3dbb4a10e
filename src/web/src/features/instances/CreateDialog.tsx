import { useState, type FormEvent } from "react";
import { loadInstances } from "@/chat/load";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Segmented } from "@/components/ui/Segmented";
import { useT } from "@/lib/i18n";
import { problemText } from "@/lib/problem";
import { createInstance, type CreatedInstance, type NewInstance } from "./api";
import { CloudFields, NO_ACCESS } from "./CloudFields";
import css from "./Dialogs.module.css";

interface CreateDialogProps {
  onCreated: (created: CreatedInstance) => void;
  onClose: () => void;
}

const GATEWAYS = ["evolution", "cloud", "sandbox"] as const;

export function CreateDialog({ onCreated, onClose }: CreateDialogProps) {
  const t = useT();
  const [gateway, setGateway] = useState<NewInstance["gateway"]>("evolution");
  const [typed, setTyped] = useState({ name: "", base_url: "", api_key: "", instance_name: "" });
  const [access, setAccess] = useState(NO_ACCESS);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const { name, ...evolution } = typed;
      const created = await createInstance({
        gateway,
        name,
        ...(gateway === "evolution" ? evolution : {}),
        ...(gateway === "cloud" ? access : {}),
      });
      await loadInstances();
      onCreated(created);
    } catch (error) {
      setProblem(problemText(t, error));
      setBusy(false);
    }
  }

  const field = (name: keyof typeof typed) => ({
    label: t(`instances.${name}`),
    value: typed[name],
    required: true,
    autoComplete: "off",
    onChange: (event: { target: { value: string } }) => {
      setTyped({ ...typed, [name]: event.target.value });
      setProblem(null);
    },
  });

  return (
    <Dialog title={t("instances.add")} onClose={onClose}>
      <form className={css.form} onSubmit={submit}>
        <Segmented
          label={t("instances.gateway")}
          value={gateway}
          options={GATEWAYS.map((value) => ({ value, label: t(`gateway.${value}`) }))}
          onChange={setGateway}
        />
        <Field {...field("name")} autoFocus placeholder={t("instances.nameExample")} />
        {gateway === "cloud" ? (
          <CloudFields
            value={access}
            onChange={(next) => {
              setAccess(next);
              setProblem(null);
            }}
          />
        ) : gateway === "evolution" ? (
          <>
            <Field {...field("base_url")} type="url" placeholder="https://evolution.example.com" />
            <Field {...field("api_key")} type="password" autoComplete="new-password" />
            <Field {...field("instance_name")} />
          </>
        ) : (
          <p>{t("instances.sandboxLead")}</p>
        )}
        {problem && <p role="alert">{problem}</p>}
        <footer>
          <Button onClick={onClose}>{t("compose.cancel")}</Button>
          <Button look="accent" type="submit" disabled={busy}>
            {t("instances.create")}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
