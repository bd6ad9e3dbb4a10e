import { Logo } from "@/components/ui/Logo";
import { useT } from "@/lib/i18n";
import css from "./Arrival.module.css";

/** Shown only when the server takes its time to say who we are. */
export function Arrival() {
  const t = useT();
  return (
    <main className={css.arrival}>
      <Logo />
      <p role="status">{t("connection.waiting")}</p>
    </main>
  );
}
