import { useChat } from "@/chat/chat-store";
import { NO_CONTACTS } from "@/chat/naming";
import { showMessage } from "@/chat/place-to-show";
import { quoteWords } from "@/chat/summary";
import type { Quote } from "@/chat/types";
import { KindIcon } from "@/components/ui/KindIcon";
import { useT } from "@/lib/i18n";
import { useSenderName } from "./thread-context";
import css from "./QuoteBlock.module.css";

/** What a message answers; a click goes to it where it is known. */
export function QuoteBlock({ quote, conversationId }: { quote: Quote; conversationId: string }) {
  const t = useT();
  const { message_id: messageId } = quote;
  const name = useSenderName(quote.sender);
  const face = (
    <>
      {name && <b dir="auto">{name}</b>}
      <span className={css.words}>
        <KindIcon kind={quote.type} />
        <span dir="auto">
          {quote.mentions.length > 0 ? (
            <Mentioning quote={quote} />
          ) : (
            quoteWords(t, quote, NO_CONTACTS)
          )}
        </span>
      </span>
    </>
  );
  if (!messageId) return <div className={css.quote}>{face}</div>;
  return (
    <button
      type="button"
      className={css.quote}
      aria-label={t("quote.open", { name: name ?? "" })}
      onClick={() => showMessage(conversationId, messageId)}
    >
      {face}
    </button>
  );
}

function Mentioning({ quote }: { quote: Quote }) {
  const t = useT();
  return useChat(({ contacts }) => quoteWords(t, quote, contacts));
}
