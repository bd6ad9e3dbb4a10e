import {
  ChartBarBig,
  FileText,
  Image,
  LayoutTemplate,
  MapPin,
  Paperclip,
  Sticker,
  User,
  type LucideIcon,
} from "lucide-react";
import { useId } from "react";
import { useMe } from "@/chat/session";
import type { Attachment, Instance } from "@/chat/types";
import { IconButton } from "@/components/ui/Button";
import { Menu, type MenuEntry } from "@/components/ui/Menu";
import { useOpener } from "@/components/ui/Popover";
import { useLanguage, useT } from "@/lib/i18n";
import { refusalOf } from "./abilities";
import { acceptOf, limitsLine } from "./file-limits";
import { SEEN_TYPES } from "@/components/media/file-kind";
import css from "./AttachMenu.module.css";

export type Asking = "location" | "contacts" | "poll" | "template";
export type Chosen = "seen" | "document" | "sticker";

const entry = (
  icon: LucideIcon,
  label: string,
  refusal: string | null,
  onChoose: () => void,
  hint: string | null = null,
): MenuEntry => ({ icon, label, refusal, hint, onChoose });

const SEEN = ["image", "video"] as const;

interface AttachMenuProps {
  instance: Instance | undefined;
  disabled: boolean;
  onFiles: (files: File[], as: Chosen) => void;
  onAsk: (what: Asking) => void;
}

/** All that can be sent besides words. */
export function AttachMenu({ instance, disabled, onFiles, onAsk }: AttachMenuProps) {
  const t = useT();
  const language = useLanguage();
  const { upload_limit: mostBytes } = useMe();
  const { anchor, close, button } = useOpener();
  const inputs = useId();
  const open = (as: Chosen) => document.getElementById(`${inputs}-${as}`)?.click();
  const refusal = (...abilities: string[]) => {
    const whys = abilities.map((ability) => refusalOf(instance, ability));
    const why = whys.includes(null) ? null : whys[0];
    return why ? t(why) : null;
  };
  const hint = (...kinds: Attachment["kind"][]) =>
    limitsLine(t, language, instance, kinds, mostBytes);
  const entries = [
    entry(Image, t("attach.seen"), refusal(...SEEN), () => open("seen"), hint(...SEEN)),
    entry(
      FileText,
      t("kind.document"),
      refusal("document"),
      () => open("document"),
      hint("document"),
    ),
    entry(Sticker, t("kind.sticker"), refusal("sticker"), () => open("sticker")),
    entry(MapPin, t("kind.location"), refusal("location"), () => onAsk("location")),
    entry(User, t("attach.contact"), refusal("contacts"), () => onAsk("contacts")),
    entry(ChartBarBig, t("kind.pollAlone"), refusal("poll"), () => onAsk("poll")),
    // Few gateways have any: elsewhere nobody needs to know that they exist.
    ...(refusalOf(instance, "template") === null && instance
      ? [entry(LayoutTemplate, t("kind.template"), null, () => onAsk("template"))]
      : []),
  ];
  const picker = (as: Chosen, accept?: string) => (
    <input
      id={`${inputs}-${as}`}
      type="file"
      hidden
      multiple={as !== "sticker"}
      accept={accept}
      aria-label={t("attach.label")}
      data-picks={as}
      onChange={({ target }) => {
        onFiles([...(target.files ?? [])], as);
        // The same file can be chosen again.
        target.value = "";
      }}
    />
  );
  return (
    <>
      <IconButton
        {...button}
        aria-haspopup="menu"
        label={t("attach.label")}
        className={css.opener}
        disabled={disabled}
      >
        <Paperclip size={19} />
      </IconButton>
      {anchor && (
        <Menu anchor={anchor} label={t("attach.label")} entries={entries} onClose={close} />
      )}
      {picker("seen", acceptOf(instance, SEEN) ?? SEEN_TYPES)}
      {picker("document", acceptOf(instance, ["document"]))}
      {picker("sticker", "image/webp,image/png,image/jpeg")}
    </>
  );
}
