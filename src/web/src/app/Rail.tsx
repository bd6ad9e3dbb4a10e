import { FlaskConical, Inbox, Smartphone, type LucideIcon } from "lucide-react";
import type { MouseEvent } from "react";
import { Logo } from "@/components/ui/Logo";
import { useT, type Key } from "@/lib/i18n";
import { navigate, type Route } from "@/lib/router";
import { UserMenu } from "./UserMenu";
import css from "./Rail.module.css";

const PAGES: readonly { page: Route["page"]; path: string; label: Key; icon: LucideIcon }[] = [
  { page: "inbox", path: "/", label: "app.inbox", icon: Inbox },
  { page: "instances", path: "/instances", label: "app.instances", icon: Smartphone },
  { page: "sandbox", path: "/sandbox", label: "app.sandbox", icon: FlaskConical },
];

export function Rail({ page, onHelp }: { page: Route["page"]; onHelp: () => void }) {
  const t = useT();
  return (
    <nav className={css.rail} aria-label={t("app.navigation")}>
      <Logo />
      {PAGES.map(({ page: own, path, label, icon: Icon }) => (
        <a
          key={own}
          href={path}
          aria-label={t(label)}
          title={t(label)}
          aria-current={own === page ? "page" : undefined}
          onClick={(event) => goTo(event, path)}
        >
          <Icon size={20} aria-hidden="true" />
        </a>
      ))}
      <UserMenu onHelp={onHelp} />
    </nav>
  );
}

function goTo(event: MouseEvent, path: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  navigate(path);
}
