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
import { EvolutionFields, NO_EVOLUTION } from "./EvolutionFields";
import css from "./Dialogs.module.css";

interface CreateDialogProps {
  onCreated: (created: CreatedInstance) => void;
  onClose: () => void;
}

const GATEWAYS = ["evolution", "cloud", "sandbox"] as const;

export function CreateDialog({ onCreated, onClose }: CreateDialogProps) {
  const t = useT();
  const [gateway, setGateway] = useState<NewInstance["gateway"]>("evolution");
  const [name, setName] = useState("");
  const [evolution, setEvolution] = useState(NO_EVOLUTION);
  const [access, setAccess] = useState(NO_ACCESS);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
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

  return (
    <Dialog title={t("instances.add")} onClose={onClose}>
      <form className={css.form} onSubmit={submit}>
        <Segmented
          label={t("instances.gateway")}
          value={gateway}
          options={GATEWAYS.map((value) => ({ value, label: t(`gateway.${value}`) }))}
          onChange={setGateway}
        />
        <Field
          label={t("instances.name")}
          value={name}
          required
          autoComplete="off"
          autoFocus
          placeholder={t("instances.nameExample")}
          onChange={(event) => {
            setName(event.target.value);
            setProblem(null);
          }}
        />
        {gateway === "cloud" ? (
          <CloudFields
            value={access}
            onChange={(next) => {
              setAccess(next);
              setProblem(null);
            }}
          />
        ) : gateway === "evolution" ? (
          <EvolutionFields
            value={evolution}
            onChange={(next) => {
              setEvolution(next);
              setProblem(null);
            }}
          />
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
