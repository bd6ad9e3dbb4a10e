import { Plus, X } from "lucide-react";
import { useRef, useState } from "react";
import type { Contents } from "@/chat/types";
import type { Outgoing } from "@/chat/unsent";
import { Avatar } from "@/components/ui/Avatar";
import { Button, IconButton } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { useT } from "@/lib/i18n";
import { formatPhone } from "@/lib/phone";
import { cardOf, contactFault, MOST_CONTACTS, type Fault, type TypedContact } from "./limits";
import { AskingForm } from "./AskingForm";
import css from "./Asking.module.css";

interface ContactsDialogProps {
  onSend: (outgoing: Outgoing) => void;
  onClose: () => void;
}

type Card = Contents["contacts"]["contacts"][number];

const EMPTY: TypedContact = { name: "", phone: "", organization: "", email: "" };

/** One or more people, each with a number. */
export function ContactsDialog({ onSend, onClose }: ContactsDialogProps) {
  const t = useT();
  const [cards, setCards] = useState<readonly Card[]>([]);
  const [typed, setTyped] = useState(EMPTY);
  const [fault, setFault] = useState<Fault | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const started = Object.values(typed).some((text) => text.trim() !== "");

  /** What is typed beside those added already; null while it has a fault. */
  function all(): readonly Card[] | null {
    if (cards.length > 0 && !started) return cards;
    const found = contactFault(typed);
    setFault(found);
    return found ? null : [...cards, cardOf(typed)];
  }

  function add() {
    const next = all();
    if (!next) return;
    setCards(next);
    setTyped(EMPTY);
    form.current?.querySelector("input")?.focus();
  }

  function submit() {
    const contacts = all();
    if (contacts) onSend({ type: "contacts", text: "", content: { contacts: [...contacts] } });
  }

  const field = (name: keyof TypedContact) => ({
    label: t(`contact.${name}`),
    value: typed[name],
    error: fault?.field === name ? t(fault.why) : null,
    autoComplete: "off",
    onChange: (event: { target: { value: string } }) => {
      setTyped({ ...typed, [name]: event.target.value });
      setFault(null);
    },
  });

  return (
    <AskingForm title={t("contact.title")} ref={form} onSubmit={submit} onClose={onClose}>
      {cards.length > 0 && (
        <ul className={css.people}>
          {cards.map((card, index) => (
            <li key={index}>
              <Avatar seed={card.phones[0]!} name={card.name} size="small" />
              <span>
                <b dir="auto">{card.name}</b>
                <small className="num">{formatPhone(card.phones[0]!)}</small>
              </span>
              <IconButton
                label={t("contact.remove", { name: card.name })}
                onClick={() => setCards(cards.toSpliced(index, 1))}
              >
                <X size={16} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Field {...field("name")} autoFocus />
      <Field {...field("phone")} type="tel" placeholder="+55 11 98765-4321" />
      <div className={css.pair}>
        <Field {...field("organization")} />
        <Field {...field("email")} type="email" />
      </div>
      {cards.length < MOST_CONTACTS - 1 && (
        <Button className={css.here} disabled={!started} onClick={add}>
          <Plus size={16} aria-hidden="true" />
          {t("contact.more")}
        </Button>
      )}
    </AskingForm>
  );
}
