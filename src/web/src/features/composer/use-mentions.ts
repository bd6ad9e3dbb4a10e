import { useState, type KeyboardEvent, type RefObject } from "react";
import type { Draft, Person, Picked } from "@/chat/drafts";
import type { Conversation, Instance } from "@/chat/types";
import { refusalOf } from "./abilities";
import { calledOf, matching, mentionAt } from "./mentions";
import { isPeopleMissing, peopleNow, peopleSoon, usePeople } from "./use-people";

interface Asked {
  typed: string;
  cursor: number;
}

/** The people that an @ offers, and the keys that choose one. */
export function useMentions(
  conversation: Conversation,
  instance: Instance | undefined,
  /** An edit can't mention anybody anew. */
  editing: boolean,
  field: RefObject<HTMLTextAreaElement | null>,
  change: (text: string, picked: Picked) => void,
) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [wanted, setWanted] = useState(false);
  const [active, setActive] = useState(0);
  const { people, found: addressed, find } = usePeople(conversation, wanted);
  const can = conversation.kind === "group" && refusalOf(instance, "mention") === null;
  const found = asked && !editing ? matching(people, asked.typed) : [];

  function pick(person: Person) {
    const element = field.current!;
    if (!asked) return;
    void find(person);
    const from = asked.cursor - asked.typed.length;
    element.focus();
    element.setRangeText(`${calledOf(person)} `, from, asked.cursor, "end");
    setAsked(null);
    change(element.value, { at: from - 1, person });
  }

  return {
    /** Whom these may name; null where that isn't known yet. */
    whom(drafts: readonly Draft[]): readonly Person[] | null {
      const now = can ? peopleNow(conversation, addressed) : [];
      return can && isPeopleMissing(conversation, drafts, now) ? null : now;
    },
    whomSoon: (drafts: readonly Draft[], hurry: AbortSignal) =>
      peopleSoon(conversation, drafts, addressed, hurry),
    found,
    active,
    pick,
    /** After each change of the text. */
    look() {
      const { value, selectionStart: cursor } = field.current!;
      const typed = can && !editing ? mentionAt(value, cursor) : null;
      setWanted((held) => held || (can && value.includes("@")));
      setActive(0);
      setAsked(typed === null ? null : { typed, cursor });
    },
    close: () => setAsked(null),
    /** True when the key was for the list. */
    onKey(event: KeyboardEvent): boolean {
      if (found.length === 0) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) setActive((held) => (held + step + found.length) % found.length);
      else if (event.key === "Enter" || event.key === "Tab") pick(found[active]!);
      else if (event.key === "Escape") setAsked(null);
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}
