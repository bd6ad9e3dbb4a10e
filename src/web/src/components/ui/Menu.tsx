import type { LucideIcon } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { Popover } from "./Popover";
import css from "./Menu.module.css";

export type MenuEntry = {
  icon: LucideIcon;
  label: string;
  /** Why it can't be chosen now; it can still be reached, to hear why. */
  refusal?: string | null;
  /** What is good to know before. */
  hint?: string | null;
  danger?: boolean;
} & ({ onChoose: () => void } | { href: string; download: string });

interface MenuProps {
  anchor: HTMLElement;
  label: string;
  entries: readonly MenuEntry[];
  onClose: () => void;
  /** A row of its own above the entries. */
  children?: ReactNode;
}

/** What a button offers, walked by the arrows. */
export function Menu({ anchor, label, entries, onClose, children }: MenuProps) {
  return (
    <Popover anchor={anchor} role="menu" label={label} onClose={onClose}>
      <div className={css.menu} role="none" onKeyDown={walk}>
        {children}
        {entries.map((entry, index) => (
          <Entry key={entry.label} entry={entry} first={index === 0} onClose={onClose} />
        ))}
      </div>
    </Popover>
  );
}

interface EntryProps {
  entry: MenuEntry;
  first: boolean;
  onClose: () => void;
}

function Entry({ entry, first, onClose }: EntryProps) {
  const { icon: Icon, label, refusal, hint, danger } = entry;
  const more = refusal ?? hint;
  const shared = {
    role: "menuitem",
    tabIndex: -1,
    className: css.item,
    "data-entry": true,
    "data-first": first || undefined,
  };
  const face = (
    <>
      <Icon size={18} aria-hidden="true" />
      <span>
        {label}
        {more && <small>{more}</small>}
      </span>
    </>
  );
  if ("href" in entry)
    return (
      <a {...shared} href={entry.href} download={entry.download} onClick={onClose}>
        {face}
      </a>
    );
  const { onChoose } = entry;
  return (
    <button
      {...shared}
      type="button"
      data-danger={danger || undefined}
      aria-disabled={refusal ? true : undefined}
      onClick={() => {
        if (refusal) return;
        onClose();
        onChoose();
      }}
    >
      {face}
    </button>
  );
}

/** Arrows go through the menu: along the row above, and from it to the first entry. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const below = items.findIndex((item) => "entry" in item.dataset);
  const step = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at < below ? below : at + 1,
    ArrowUp: at === below && below > 0 ? 0 : at - 1,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  items[(step + items.length) % items.length]?.focus();
}
