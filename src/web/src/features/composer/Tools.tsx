import { Mic } from "lucide-react";
import type { Instance } from "@/chat/types";
import { IconButton } from "@/components/ui/Button";
import { useT } from "@/lib/i18n";
import { refusalOf } from "./abilities";
import { AttachMenu, type Asking, type Chosen } from "./AttachMenu";
import { EmojiButton } from "./EmojiButton";
import css from "./Composer.module.css";

interface ToolsProps {
  instance: Instance | undefined;
  editing: boolean;
  onEmoji: (emoji: string) => void;
  onFiles: (files: File[], as: Chosen) => void;
  onAsk: (what: Asking) => void;
  onRecord: () => void;
}

export function Tools({ instance, editing, onEmoji, onFiles, onAsk, onRecord }: ToolsProps) {
  const t = useT();
  const refusal = refusalOf(instance, "voice");
  return (
    <div className={css.tools}>
      <EmojiButton onPick={onEmoji} />
      <AttachMenu instance={instance} disabled={editing} onFiles={onFiles} onAsk={onAsk} />
      <IconButton
        label={refusal ? t(refusal) : t("voice.record")}
        className={css.mic}
        disabled={editing || refusal !== null}
        onClick={onRecord}
      >
        <Mic size={19} />
      </IconButton>
    </div>
  );
}
