import type { LucideIcon } from "lucide-react";
import type { KeyboardEvent } from "react";
import { Popover } from "./Popover";
import css from "./Menu.module.css";

export interface MenuEntry {
  icon: LucideIcon;
  label: string;
  /** Why it can't be chosen now; it can still be reached, to hear why. */
  refusal?: string | null;
  danger?: boolean;
  onChoose: () => void;
}

interface MenuProps {
  anchor: HTMLElement;
  label: string;
  entries: readonly MenuEntry[];
  onClose: () => void;
}

/** What a button offers, walked by the arrows. */
export function Menu({ anchor, label, entries, onClose }: MenuProps) {
  return (
    <Popover anchor={anchor} role="menu" label={label} onClose={onClose}>
      <div className={css.menu} role="none" onKeyDown={walk}>
        {entries.map(({ icon: Icon, label: name, refusal, danger, onChoose }, index) => (
          <button
            key={name}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={css.item}
            data-first={index === 0 || undefined}
            data-danger={danger || undefined}
            aria-disabled={refusal ? true : undefined}
            onClick={() => {
              if (refusal) return;
              onClose();
              onChoose();
            }}
          >
            <Icon size={18} aria-hidden="true" />
            <span>
              {name}
              {refusal && <small>{refusal}</small>}
            </span>
          </button>
        ))}
      </div>
    </Popover>
  );
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  items[(step + items.length) % items.length]?.focus();
}
