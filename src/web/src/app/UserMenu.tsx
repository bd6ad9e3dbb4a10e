import { Keyboard, LogOut } from "lucide-react";
import { useRef, useState } from "react";
import { signOut, useMe } from "@/chat/session";
import { Avatar } from "@/components/ui/Avatar";
import { Segmented } from "@/components/ui/Segmented";
import { NoticeSwitches } from "@/features/notices/NoticeSwitches";
import { useStore } from "@/lib/external-store";
import { LANGUAGES, speak, useLanguage, useT, type Language } from "@/lib/i18n";
import { problemText } from "@/lib/problem";
import { theme, type Theme } from "@/lib/theme";
import css from "./UserMenu.module.css";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function UserMenu({ onHelp }: { onHelp: () => void }) {
  const t = useT();
  const { user, tenant } = useMe();
  const chosen = useStore(theme, (current) => current);
  const language = useLanguage();
  const [problem, setProblem] = useState<string | null>(null);
  const menu = useRef<HTMLDivElement>(null);

  async function leave() {
    try {
      await signOut();
    } catch (error) {
      setProblem(problemText(t, error));
    }
  }

  return (
    <>
      <button
        type="button"
        className={css.opener}
        popoverTarget="user-menu"
        aria-haspopup="dialog"
        aria-label={t("menu.user", { name: user.name })}
        title={t("menu.user", { name: user.name })}
      >
        <Avatar seed={user.id} name={user.name} size="small" />
      </button>
      <div
        ref={menu}
        id="user-menu"
        popover="auto"
        role="dialog"
        aria-label={t("menu.user", { name: user.name })}
        className={css.menu}
      >
        <div className={css.who}>
          <b>{user.name}</b>
          <span>{user.email}</span>
          <span>{tenant.name}</span>
        </div>
        <Segmented
          label={t("menu.theme")}
          value={chosen}
          options={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
          onChange={(value) => theme.set(value)}
        />
        <Segmented
          label={t("menu.language")}
          value={language}
          options={Object.entries(LANGUAGES).map(([value, label]) => ({
            value: value as Language,
            label,
          }))}
          onChange={speak}
        />
        <NoticeSwitches />
        <div className={css.actions}>
          <button
            type="button"
            onClick={() => {
              menu.current?.hidePopover();
              onHelp();
            }}
          >
            <Keyboard size={17} aria-hidden="true" />
            {t("menu.shortcuts")}
          </button>
          <button type="button" onClick={leave}>
            <LogOut size={17} aria-hidden="true" />
            {t("menu.signOut")}
          </button>
          {problem && <p role="alert">{problem}</p>}
        </div>
      </div>
    </>
  );
}
