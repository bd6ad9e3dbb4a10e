import { Dialog } from "@/components/ui/Dialog";
import { useT, type Key } from "@/lib/i18n";
import css from "./ShortcutsDialog.module.css";

const SHORTCUTS: readonly { does: Key; keys: readonly string[][] }[] = [
  { does: "shortcuts.search", keys: [["Ctrl", "K"]] },
  { does: "shortcuts.next", keys: [["J"], ["Alt", "↓"]] },
  { does: "shortcuts.previous", keys: [["K"], ["Alt", "↑"]] },
  { does: "shortcuts.open", keys: [["Enter"]] },
  { does: "shortcuts.reply", keys: [["R"]] },
  { does: "shortcuts.resolve", keys: [["E"]] },
  { does: "shortcuts.back", keys: [["Esc"]] },
  { does: "shortcuts.help", keys: [["?"]] },
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  return (
    <Dialog title={t("shortcuts.title")} onClose={onClose}>
      <dl className={css.shortcuts}>
        {SHORTCUTS.map(({ does, keys }) => (
          <div key={does}>
            <dt>{t(does)}</dt>
            <dd>
              {keys.map((combination, index) => (
                <span key={combination.join("+")}>
                  {index > 0 && <small>{t("shortcuts.or")}</small>}
                  {combination.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
