import { EmojiPicker as Picker, type EmojiPickerListComponents } from "frimousse";
import { useLanguage, useT } from "@/lib/i18n";
import { emojiData } from "./emoji-data";
import css from "./EmojiPicker.module.css";

/** Made once: other components would be drawn anew at each key. */
const PARTS: Partial<EmojiPickerListComponents> = {
  CategoryHeader: ({ category, ...rest }) => (
    <div {...rest} className={css.category}>
      {category.label}
    </div>
  ),
  // Its index begins with 0, which means nothing to a screen reader.
  Row: (props) => <div {...props} aria-rowindex={undefined} className={css.row} />,
  Emoji: ({ emoji, ...rest }) => (
    <button
      {...rest}
      type="button"
      className={css.emoji}
      aria-colindex={undefined}
      aria-label={emoji.label}
      title={emoji.label}
      data-active={emoji.isActive || undefined}
    >
      {emoji.emoji}
    </button>
  ),
};

/** All emoji, found by name in the page's language. Loaded when it is first opened. */
export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const t = useT();
  const language = useLanguage();
  return (
    <Picker.Root
      className={css.picker}
      columns={8}
      locale={language === "pt-BR" ? "pt" : "en"}
      resolveEmojiData={emojiData}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
    >
      <Picker.Search
        className={css.search}
        autoFocus
        aria-label={t("emoji.search")}
        placeholder={t("emoji.search")}
      />
      <Picker.Viewport className={css.viewport} tabIndex={0} aria-label={t("emoji.label")}>
        <Picker.Loading className={css.note}>{t("emoji.loading")}</Picker.Loading>
        <Picker.Empty className={css.note}>{t("emoji.none")}</Picker.Empty>
        <Picker.List className={css.list} components={PARTS} aria-label={t("emoji.label")} />
      </Picker.Viewport>
    </Picker.Root>
  );
}
