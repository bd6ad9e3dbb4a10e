import {
  EllipsisVertical,
  FlaskConical,
  KeyRound,
  LockKeyhole,
  Pencil,
  Smartphone,
  Trash2,
  TriangleAlert,
  Unplug,
} from "lucide-react";
import { useState } from "react";
import type { Instance } from "@/chat/types";
import { Button, IconButton } from "@/components/ui/Button";
import { Menu, type MenuEntry } from "@/components/ui/Menu";
import { Pill } from "@/components/ui/Pill";
import { useOpener } from "@/components/ui/Popover";
import { useT } from "@/lib/i18n";
import { causeOf } from "./cause";
import { formatPhone } from "@/lib/phone";
import { accessOf, Asked, type Question } from "./Asked";
import css from "./InstanceLine.module.css";

const TONE = {
  open: "good",
  connecting: "warn",
  close: "warn",
  unreachable: "warn",
  unknown: "warn",
  refused: "bad",
} as const;

interface InstanceLineProps {
  instance: Instance;
  canManage: boolean;
  onConnect: () => void;
}

export function InstanceLine({ instance, canManage, onConnect }: InstanceLineProps) {
  const t = useT();
  const [asked, setAsked] = useState<Question | null>(null);
  const { name, gateway, phone, state, base_url, instance_name } = instance;
  const isSandbox = gateway === "sandbox";
  const pairs = gateway === "evolution";
  const Icon = isSandbox ? FlaskConical : Smartphone;
  const cause = causeOf(instance);
  return (
    <li className={css.line}>
      <span className={css.icon} data-state={state}>
        <Icon size={20} aria-hidden="true" />
      </span>
      <div className={css.words}>
        <h2 dir="auto">{name}</h2>
        <p className={css.facts}>
          {!isSandbox && (
            <span className="num">{phone ? formatPhone(phone) : t("instances.noPhone")}</span>
          )}
          <span>{t(`gateway.${gateway}`)}</span>
          {canManage && base_url && (
            <span className={css.where}>
              {[base_url, instance_name].filter(Boolean).join(" · ")}
            </span>
          )}
        </p>
        {cause && <Cause instance={instance} says={t(cause)} />}
      </div>
      <span className={css.state}>
        <Pill tone={TONE[state]}>{t(`instance.${state}`)}</Pill>
      </span>
      {canManage && pairs && state !== "open" && (
        <Button className={css.connect} onClick={onConnect}>
          {t("instances.connect")}
        </Button>
      )}
      {canManage && <Actions instance={instance} onAsk={setAsked} />}
      {asked && <Asked question={asked} instance={instance} onClose={() => setAsked(null)} />}
    </li>
  );
}

/** The gateway's own words stand behind ours, for whoever looks after it. */
function Cause({ instance, says }: { instance: Instance; says: string }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const { state, state_reason } = instance;
  return (
    <div className={css.alarm} data-tone={state === "open" ? "warn" : TONE[state]}>
      <TriangleAlert size={15} aria-hidden="true" />
      <p>
        {says}
        {state_reason && (
          <Button look="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t("failure.details")}
          </Button>
        )}
        {open && <small>{state_reason}</small>}
      </p>
    </div>
  );
}

function Actions({ instance, onAsk }: { instance: Instance; onAsk: (what: Question) => void }) {
  const t = useT();
  const { anchor, close, button } = useOpener();
  const entry = (icon: MenuEntry["icon"], what: Question) => ({
    icon,
    label: t(what === "access" ? accessOf(instance) : `instances.${what}`),
    onChoose: () => onAsk(what),
  });
  const calls = instance.gateway !== "sandbox";
  const entries: MenuEntry[] = [
    entry(Pencil, "rename"),
    ...(calls ? [entry(LockKeyhole, "access"), entry(KeyRound, "rotate")] : []),
    ...(instance.gateway === "evolution" && instance.state === "open"
      ? [entry(Unplug, "disconnect")]
      : []),
    { ...entry(Trash2, "remove"), danger: true },
  ];
  const label = t("instances.actions", { name: instance.name });
  return (
    <>
      <IconButton {...button} aria-haspopup="menu" label={label}>
        <EllipsisVertical size={18} />
      </IconButton>
      {anchor && <Menu anchor={anchor} label={label} entries={entries} onClose={close} />}
    </>
  );
}
