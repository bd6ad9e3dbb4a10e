import { X } from "lucide-react";
import { useLayoutEffect, useRef, type ReactNode } from "react";
import { useChat } from "@/chat/chat-store";
import { nameOf, pictureOf, seedOf } from "@/chat/naming";
import { showsReads } from "@/chat/read-receipts";
import type { ContactDetails, Conversation } from "@/chat/types";
import { Avatar } from "@/components/ui/Avatar";
import { IconButton } from "@/components/ui/Button";
import { dateOf } from "@/lib/dates";
import { useLanguage, useT } from "@/lib/i18n";
import { formatPhone } from "@/lib/phone";
import { Gallery } from "./Gallery";
import { Participants } from "./Participants";
import { useIfThere } from "./use-if-there";
import css from "./DetailsPane.module.css";

interface DetailsPaneProps {
  /** What the button that opens it names. */
  id: string;
  conversationId: string;
  /** Over the thread: the keys go on in here. */
  lies: boolean;
  onClose: () => void;
  /** Something in the thread is shown: where the pane lies over it, it has to go. */
  onShow: () => void;
}

/** Who one talks to, and what was exchanged. */
export function DetailsPane({ id, conversationId, lies, onClose, onShow }: DetailsPaneProps) {
  const t = useT();
  const pane = useFocusKept(id, lies);
  const conversation = useChat((state) => state.conversations.get(conversationId));
  if (!conversation) return null;
  const name = nameOf(conversation);
  const phone = conversation.contact?.phone;
  const group = conversation.kind === "group";
  return (
    <aside ref={pane} id={id} className={css.pane} aria-label={t("details.title")}>
      <IconButton label={t("details.close")} className={css.close} onClick={onClose}>
        <X size={18} />
      </IconButton>
      <div className={css.top}>
        <Avatar
          seed={seedOf(conversation)}
          name={name}
          picture={pictureOf(conversation)}
          group={group}
          size="large"
        />
        <h2 dir="auto">{name}</h2>
        {group ? (
          <p>{t("details.group")}</p>
        ) : (
          phone && name !== formatPhone(phone) && <p className="num">{formatPhone(phone)}</p>
        )}
      </div>
      <Facts conversation={conversation} />
      {conversation.group && <Participants groupId={conversation.group.id} />}
      <Gallery key={conversationId} conversationId={conversationId} name={name} onShow={onShow} />
    </aside>
  );
}

/** What goes away with the focus in it gives it back to the button that it came from. */
function useFocusKept(id: string, lies: boolean) {
  const pane = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = pane.current;
    if (lies) element?.querySelector("button")?.focus();
    return () => {
      if (element?.contains(document.activeElement))
        document.querySelector<HTMLElement>(`[aria-controls="${id}"]`)?.focus();
    };
  }, [id, lies]);
  return pane;
}

function Facts({ conversation }: { conversation: Conversation }) {
  const t = useT();
  const language = useLanguage();
  const instance = useChat((state) => state.instances.get(conversation.instance_id));
  const { contact } = conversation;
  const known = useIfThere<ContactDetails>(
    contact ? `/api/contacts/${contact.id}` : null,
    contact?.version,
  );
  const phones = known?.phones ?? (contact?.phone ? [contact.phone] : []);
  return (
    <section className={css.section}>
      <h3>{t(contact ? "details.contact" : "details.group")}</h3>
      <dl>
        {phones.map((phone) => (
          <Fact key={phone} name={t("details.phone")}>
            {formatPhone(phone)}
          </Fact>
        ))}
        {instance && <Fact name={t("details.number")}>{instance.name}</Fact>}
        {instance && !showsReads(instance, conversation) && (
          <Fact name={t("details.receipts")}>{t("details.receipts.none")}</Fact>
        )}
        <Fact name={t("details.since")}>{dateOf(language, new Date(conversation.created_at))}</Fact>
      </dl>
    </section>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd className="num">{children}</dd>
  </>
);
