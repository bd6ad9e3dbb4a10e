import { createPortal } from "react-dom";
import type { Outgoing } from "@/chat/unsent";
import type { Asking } from "./AttachMenu";
import { ContactsDialog } from "./ContactsDialog";
import { LocationDialog } from "./LocationDialog";
import { PollDialog } from "./PollDialog";
import { TemplateDialog } from "./TemplateDialog";

interface AskingDialogProps {
  what: Asking;
  instanceId: string;
  onSend: (outgoing: Outgoing) => void;
  onClose: () => void;
}

const DIALOGS = { location: LocationDialog, contacts: ContactsDialog, poll: PollDialog };

/** Outside the composer's form: a form can't stand in another. */
export function AskingDialog({ what, instanceId, ...rest }: AskingDialogProps) {
  if (what === "template") return <TemplateDialog instanceId={instanceId} {...rest} />;
  const Asked = DIALOGS[what];
  return createPortal(<Asked {...rest} />, document.body);
}
