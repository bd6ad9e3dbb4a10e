import type { Contents, Message } from "@/chat/types";
import { HeaderFiles } from "./HeaderFiles";
import { InteractiveCard } from "./InteractiveCard";
import { PlaceCard } from "./PlaceCard";

interface TemplateCardProps {
  message: Message;
  content: Contents["template"] | null;
}

/** An approved text, filled in, as the other side reads it: below a file or a place where its header is one. */
export function TemplateCard({ message, content }: TemplateCardProps) {
  const { header = null, footer = null, buttons = [], place } = content ?? {};
  const options = buttons.map((title) => ({ id: null, title, description: null }));
  return (
    <>
      <HeaderFiles message={message} />
      {place && <PlaceCard place={place} live={false} />}
      <InteractiveCard message={message} content={{ title: header, footer, options }} />
    </>
  );
}
