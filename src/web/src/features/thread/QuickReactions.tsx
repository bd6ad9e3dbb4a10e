import { Plus } from "lucide-react";
import { useT } from "@/lib/i18n";
import css from "./QuickReactions.module.css";

const COMMON = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

interface QuickReactionsProps {
  mine: string | undefined;
  onPick: (emoji: string) => void;
  onMore: () => void;
}

/** The six that most people use, and the way to all others. */
export function QuickReactions({ mine, onPick, onMore }: QuickReactionsProps) {
  const t = useT();
  const shown = mine && !COMMON.includes(mine) ? [mine, ...COMMON.slice(0, 5)] : COMMON;
  return (
    <div className={css.emojis} role="group" aria-label={t("action.react")}>
      {shown.map((emoji, index) => (
        <button
          key={emoji}
          type="button"
          role="menuitemradio"
          aria-checked={emoji === mine}
          aria-label={t("action.reactWith", { emoji })}
          tabIndex={index === 0 ? 0 : -1}
          data-first={index === 0 || undefined}
          onClick={() => onPick(emoji)}
        >
          {emoji}
        </button>
      ))}
      <button
        type="button"
        role="menuitem"
        aria-label={t("action.moreEmoji")}
        title={t("action.moreEmoji")}
        tabIndex={-1}
        className={css.more}
        onClick={onMore}
      >
        <Plus size={18} aria-hidden="true" />
      </button>
    </div>
  );
}
