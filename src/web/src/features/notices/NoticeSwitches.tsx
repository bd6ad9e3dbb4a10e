import { Switch } from "@/components/ui/Switch";
import { useStore } from "@/lib/external-store";
import { useT } from "@/lib/i18n";
import { blocked, notifications, sound, switchNotifications } from "./settings";

export function NoticeSwitches() {
  const t = useT();
  const audible = useStore(sound, (on) => on);
  const notified = useStore(notifications, (on) => on);
  const impossible = useStore(blocked, (is) => is);
  return (
    <div>
      <Switch label={t("notices.sound")} on={audible} onChange={(on) => sound.set(on)} />
      <Switch
        label={t("notices.browser")}
        on={notified && !impossible}
        disabled={impossible}
        hint={impossible ? t("notices.blocked") : null}
        onChange={(on) => void switchNotifications(on)}
      />
    </div>
  );
}
