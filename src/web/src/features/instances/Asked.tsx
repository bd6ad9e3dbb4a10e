import { useState, type FormEvent, type ReactNode } from "react";
import type { Instance } from "@/chat/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";
import { Switch } from "@/components/ui/Switch";
import { useT, type Key } from "@/lib/i18n";
import { problemText } from "@/lib/problem";
import {
  changeAccess,
  disconnect,
  removeInstance,
  renameInstance,
  rotateSecret,
  type Webhook,
} from "./api";
import { CloudFields, NO_ACCESS } from "./CloudFields";
import { EvolutionFields, NO_EVOLUTION } from "./EvolutionFields";
import { WebhookDialog } from "./WebhookDialog";
import css from "./Dialogs.module.css";

export type Question = "rename" | "access" | "rotate" | "disconnect" | "remove";

interface AskedProps {
  question: Question;
  instance: Instance;
  onClose: () => void;
}

const MOST_NAME_CHARACTERS = 100;

/** Each change of a number is asked for, and says what comes of it. */
export function Asked({ question, instance, onClose }: AskedProps) {
  const t = useT();
  const { id } = instance;
  const [name, setName] = useState(instance.name);
  const [access, setAccess] = useState(NO_ACCESS);
  const [evolution, setEvolution] = useState(NO_EVOLUTION);
  const [atGateway, setAtGateway] = useState(false);
  const [rotated, setRotated] = useState<Webhook | null>(null);

  const isMeta = instance.gateway === "cloud";
  const typed = isMeta ? access : evolution;

  if (rotated)
    return <WebhookDialog webhook={rotated} gateway={instance.gateway} onClose={onClose} />;
  switch (question) {
    case "rename":
      return (
        <Confirmed
          title={t("instances.rename")}
          action="compose.save"
          disabled={name.trim() === ""}
          act={() => renameInstance(id, name.trim()).then(onClose)}
          onClose={onClose}
        >
          <Field
            label={t("instances.name")}
            autoFocus
            maxLength={MOST_NAME_CHARACTERS}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Confirmed>
      );
    case "access":
      return (
        <Confirmed
          title={t(accessOf(instance))}
          action="compose.save"
          disabled={!Object.values(typed).some((value) => value.trim())}
          act={() => changeAccess(id, typed).then(onClose)}
          onClose={onClose}
        >
          <p>{t("instances.accessLead")}</p>
          {isMeta ? (
            <CloudFields only={["api_key", "app_secret"]} value={access} onChange={setAccess} />
          ) : (
            <EvolutionFields kept={instance} value={evolution} onChange={setEvolution} />
          )}
        </Confirmed>
      );
    case "rotate":
      return (
        <Confirmed
          title={t("instances.rotateTitle")}
          action="instances.rotateConfirm"
          act={async () => {
            const { webhook_secret, webhook_url } = await rotateSecret(id);
            setRotated({ webhook_secret, webhook_url: webhook_url ?? addressOf(instance) });
          }}
          onClose={onClose}
        >
          <p>{t(isMeta ? "cloud.rotateLead" : "instances.rotateLead")}</p>
        </Confirmed>
      );
    case "disconnect":
      return (
        <Confirmed
          title={t("instances.disconnectTitle", { name: instance.name })}
          action="instances.disconnect"
          danger
          act={() => disconnect(id).then(onClose)}
          onClose={onClose}
        >
          <p>{t("instances.disconnectLead")}</p>
        </Confirmed>
      );
    case "remove":
      return (
        <Confirmed
          title={t("instances.removeTitle", { name: instance.name })}
          action="instances.removeConfirm"
          danger
          act={() => removeInstance(id, atGateway).then(onClose)}
          onClose={onClose}
        >
          <p>{t("instances.removeLead")}</p>
          {instance.gateway === "evolution" && (
            <Switch
              label={t("instances.removeThere")}
              hint={t("instances.removeThereHint")}
              on={atGateway}
              onChange={setAtGateway}
            />
          )}
        </Confirmed>
      );
  }
}

/** The gateways keep different things. */
export const accessOf = ({ gateway }: Instance): Key =>
  gateway === "cloud" ? "cloud.access" : "instances.access";

const addressOf = ({ gateway, id }: Instance) => `${location.origin}/webhooks/${gateway}/${id}`;

interface ConfirmedProps {
  title: string;
  action: Key;
  danger?: boolean;
  disabled?: boolean;
  act: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}

function Confirmed({ title, action, danger, disabled, act, onClose, children }: ConfirmedProps) {
  const t = useT();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await act();
    } catch (error) {
      setProblem(problemText(t, error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form className={css.form} onSubmit={submit}>
        {children}
        {problem && <p role="alert">{problem}</p>}
        <footer>
          <Button onClick={onClose}>{t("compose.cancel")}</Button>
          <Button look={danger ? "danger" : "accent"} type="submit" disabled={busy || disabled}>
            {t(action)}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
