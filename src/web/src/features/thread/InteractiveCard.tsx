import type { Contents, Message } from "@/chat/types";
import { RichText } from "./RichText";
import css from "./InteractiveCard.module.css";

interface InteractiveCardProps {
  message: Message;
  content: Contents["interactive"] | null;
}

/** Buttons or a list that a business asks with: here only to be read. */
export function InteractiveCard({ message, content }: InteractiveCardProps) {
  return (
    <div className={css.card}>
      {content?.title && <b dir="auto">{content.title}</b>}
      {message.text && <RichText text={message.text} mentions={message.mentions} />}
      {content?.footer && <small dir="auto">{content.footer}</small>}
      {content && content.options.length > 0 && (
        <ul>
          {content.options.map((option, index) => (
            <li key={index}>
              <span dir="auto">{option.title}</span>
              {option.description && <small dir="auto">{option.description}</small>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
