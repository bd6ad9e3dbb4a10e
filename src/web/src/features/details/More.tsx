import { Button } from "@/components/ui/Button";
import { useT } from "@/lib/i18n";
import css from "./Gallery.module.css";

/** Thousands of files are not drawn for who wants to see the last ones. */
export const AT_ONCE = 30;

export function More({ onClick }: { onClick: () => void }) {
  const t = useT();
  return (
    <Button look="link" className={css.more} onClick={onClick}>
      {t("details.more")}
    </Button>
  );
}
