import type { Contents, Message } from "@/chat/types";
import { InteractiveCard } from "./InteractiveCard";

interface TemplateCardProps {
  message: Message;
  content: Contents["template"] | null;
}

/** An approved text, filled in, as the other side reads it. */
export function TemplateCard({ message, content }: TemplateCardProps) {
  const { header = null, footer = null, buttons = [] } = content ?? {};
  const options = buttons.map((title) => ({ id: null, title, description: null }));
  return <InteractiveCard message={message} content={{ title: header, footer, options }} />;
}
