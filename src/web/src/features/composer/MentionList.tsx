import type { Person } from "@/chat/drafts";
import { addressOf } from "@/chat/naming";
import { Avatar } from "@/components/ui/Avatar";
import { useT } from "@/lib/i18n";
import { calledOf } from "./mentions";
import css from "./MentionList.module.css";

interface MentionListProps {
  id: string;
  people: readonly Person[];
  active: number;
  onPick: (person: Person) => void;
}

/** Above the field, which keeps the focus. */
export function MentionList({ id, people, active, onPick }: MentionListProps) {
  const t = useT();
  return (
    <div id={id} className={css.list} role="listbox" aria-label={t("mention.label")}>
      {people.map((person, index) => {
        const name = calledOf(person);
        const phone = person.jid?.endsWith("@lid")
          ? t("mention.noPhone")
          : addressOf(person.jid ?? "");
        return (
          <button
            type="button"
            tabIndex={-1}
            key={person.contact_id ?? person.jid}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            // The press would take the focus from the field.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onPick(person)}
          >
            <Avatar seed={person.jid ?? name} name={name} size="small" />
            <span>
              <b dir="auto">{name}</b>
              {phone && phone !== name && <small className="num">{phone}</small>}
            </span>
          </button>
        );
      })}
    </div>
  );
}
