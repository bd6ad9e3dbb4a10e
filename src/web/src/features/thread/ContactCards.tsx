import { Copy, MessageSquare } from "lucide-react";
import { useState } from "react";
import { startConversation } from "@/chat/load";
import type { Contents } from "@/chat/types";
import { Avatar } from "@/components/ui/Avatar";
import { Button } from "@/components/ui/Button";
import { copy } from "@/lib/copy";
import { useT } from "@/lib/i18n";
import { cardPhone, formatPhone } from "@/lib/phone";
import { problemText } from "@/lib/problem";
import { conversationPath, navigate } from "@/lib/router";
import { useScene } from "./thread-context";
import css from "./ContactCards.module.css";

type Card = Contents["contacts"]["contacts"][number];

export function ContactCards({ cards }: { cards: readonly Card[] }) {
  return (
    <div className={css.cards}>
      {cards.map((card, index) => (
        <ContactCard key={index} card={card} />
      ))}
    </div>
  );
}

function ContactCard({ card }: { card: Card }) {
  return (
    <div className={css.card}>
      <div className={css.who}>
        <Avatar seed={card.phones[0] ?? card.name} name={card.name} />
        <p>
          <b dir="auto">{card.name}</b>
          {card.organization && <span dir="auto">{card.organization}</span>}
          {card.email && <span>{card.email}</span>}
        </p>
      </div>
      {card.phones.map((phone) => (
        <Phone key={phone} phone={phone} />
      ))}
    </div>
  );
}

function Phone({ phone }: { phone: string }) {
  const t = useT();
  const { instance, canWrite } = useScene();
  const [copied, setCopied] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const number = cardPhone(phone);

  async function write() {
    setProblem(null);
    try {
      navigate(conversationPath(await startConversation(instance!.id, number!)));
    } catch (error) {
      setProblem(problemText(t, error));
    }
  }

  return (
    <div className={css.phone}>
      <span className="num">{number ? formatPhone(number) : phone}</span>
      <span>
        <Button look="link" onClick={() => void copy(phone).then(() => setCopied(true))}>
          <Copy size={13} aria-hidden="true" />
          {t(copied ? "card.copied" : "card.copy")}
        </Button>
        {canWrite && instance && number && (
          <Button look="link" onClick={write}>
            <MessageSquare size={13} aria-hidden="true" />
            {t("card.write")}
          </Button>
        )}
      </span>
      {problem && <span role="alert">{problem}</span>}
    </div>
  );
}
