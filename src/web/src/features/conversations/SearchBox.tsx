import { Search, X } from "lucide-react";
import type { Ref } from "react";
import { IconButton } from "@/components/ui/Button";
import { useT } from "@/lib/i18n";
import css from "./SearchBox.module.css";

interface SearchBoxProps {
  value: string;
  onChange: (value: string) => void;
  ref: Ref<HTMLInputElement>;
}

export function SearchBox({ value, onChange, ref }: SearchBoxProps) {
  const t = useT();
  return (
    <div className={css.search} role="search">
      <Search size={16} aria-hidden="true" />
      <input
        ref={ref}
        aria-label={t("list.search")}
        aria-keyshortcuts="Control+K"
        placeholder={t("list.search")}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          if (value) onChange("");
          else event.currentTarget.blur();
        }}
      />
      {value ? (
        <IconButton label={t("list.clear")} onClick={() => onChange("")}>
          <X size={15} />
        </IconButton>
      ) : (
        <kbd aria-hidden="true">Ctrl K</kbd>
      )}
    </div>
  );
}
