import { Switch } from "@/components/ui/Switch";
import { useStore } from "@/lib/external-store";
import { useT } from "@/lib/i18n";
import { mayNotify, notifications, sound, switchNotifications } from "./settings";
import css from "./NoticeSwitches.module.css";

export function NoticeSwitches() {
  const t = useT();
  const audible = useStore(sound, (on) => on);
  const notified = useStore(notifications, (on) => on);
  const possible = mayNotify();
  return (
    <div className={css.switches}>
      <Switch label={t("notices.sound")} on={audible} onChange={(on) => sound.set(on)} />
      <Switch
        label={t("notices.browser")}
        on={notified && possible}
        disabled={!possible}
        hint={possible ? null : t("notices.blocked")}
        onChange={(on) => void switchNotifications(on)}
      />
    </div>
  );
}
