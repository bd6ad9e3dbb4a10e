import { Fragment, useMemo } from "react";
import { mentionNames } from "@/chat/summary";
import type { Mention } from "@/chat/types";
import { richText, type Rich } from "@/lib/rich-text";
import css from "./RichText.module.css";

const TAGS = { bold: "strong", italic: "em", strike: "s" } as const;

export function RichText({ text, mentions }: { text: string; mentions: readonly Mention[] }) {
  const parts = useMemo(() => richText(text, mentionNames(mentions)), [text, mentions]);
  return (
    <span className={css.text}>
      <Parts parts={parts} />
    </span>
  );
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
