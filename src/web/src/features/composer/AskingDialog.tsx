import { createPortal } from "react-dom";
import type { Outgoing } from "@/chat/unsent";
import type { Asking } from "./AttachMenu";
import { ContactsDialog } from "./ContactsDialog";
import { LocationDialog } from "./LocationDialog";
import { PollDialog } from "./PollDialog";

interface AskingDialogProps {
  what: Asking;
  onSend: (outgoing: Outgoing) => void;
  onClose: () => void;
}

const DIALOGS = { location: LocationDialog, contacts: ContactsDialog, poll: PollDialog };

/** Outside the composer's form: a form can't stand in another. */
export function AskingDialog({ what, ...rest }: AskingDialogProps) {
  const Asked = DIALOGS[what];
  return createPortal(<Asked {...rest} />, document.body);
}
