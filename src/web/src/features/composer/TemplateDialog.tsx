import { useState } from "react";
import { createPortal } from "react-dom";
import { useChat } from "@/chat/chat-store";
import type { Template } from "@/chat/types";
import type { Outgoing } from "@/chat/unsent";
import { Dialog } from "@/components/ui/Dialog";
import { useT } from "@/lib/i18n";
import { TemplateForm } from "./TemplateForm";
import { TemplatePicker } from "./TemplatePicker";

interface TemplateDialogProps {
  instanceId: string;
  onSend: (outgoing: Outgoing, file?: File) => void;
  onClose: () => void;
}

/** Choose a template, then fill in its blanks. */
export function TemplateDialog({ instanceId, onSend, onClose }: TemplateDialogProps) {
  const t = useT();
  const instance = useChat((state) => state.instances.get(instanceId));
  const [chosen, setChosen] = useState<Template | null>(null);
  return createPortal(
    <Dialog title={chosen ? chosen.name : t("template.title")} onClose={onClose}>
      {chosen ? (
        <TemplateForm
          template={chosen}
          instance={instance}
          onSend={onSend}
          onBack={() => setChosen(null)}
        />
      ) : (
        <TemplatePicker instanceId={instanceId} onChoose={setChosen} onClose={onClose} />
      )}
    </Dialog>,
    document.body,
  );
}
