import { Fragment, useMemo } from "react";
import { useChat } from "@/chat/chat-store";
import { mentionNames } from "@/chat/summary";
import type { Mention } from "@/chat/types";
import { richText, type Rich } from "@/lib/rich-text";
import css from "./RichText.module.css";

const TAGS = { bold: "strong", italic: "em", strike: "s" } as const;

interface RichTextProps {
  text: string;
  mentions: readonly Mention[];
}

/** Only what mentions people follows their names: a thread has many texts. */
export function RichText({ text, mentions }: RichTextProps) {
  return (
    <span className={css.text}>
      {mentions.length > 0 ? <Mentioning text={text} mentions={mentions} /> : <Plain text={text} />}
    </span>
  );
}

function Plain({ text }: { text: string }) {
  const parts = useMemo(() => richText(text), [text]);
  return <Parts parts={parts} />;
}

function Mentioning({ text, mentions }: RichTextProps) {
  // As a string: another one only where a name has changed.
  const names = useChat(({ contacts }) => JSON.stringify([...mentionNames(mentions, contacts)]));
  const parts = useMemo(
    () => richText(text, new Map(JSON.parse(names) as [string, string][])),
    [text, names],
  );
  return <Parts parts={parts} />;
}

function Parts({ parts }: { parts: readonly Rich[] }) {
  return parts.map((part, index) => <Part key={index} part={part} />);
}

function Part({ part }: { part: Rich }) {
  if ("parts" in part) {
    const Tag = TAGS[part.kind];
    return (
      <Tag>
        <Parts parts={part.parts} />
      </Tag>
    );
  }
  if (part.kind === "text") return <Fragment>{part.text}</Fragment>;
  if (part.kind === "mono") return <code>{part.text}</code>;
  if (part.kind === "mention") return <span className={css.mention}>{part.text}</span>;
  return (
    <a href={part.href} target="_blank" rel="noreferrer noopener">
      {part.text}
    </a>
  );
}
