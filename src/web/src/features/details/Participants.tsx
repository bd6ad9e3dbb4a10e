import { useState } from "react";
import { useChat } from "@/chat/chat-store";
import type { Contact } from "@/chat/types";
import { Avatar } from "@/components/ui/Avatar";
import { Button } from "@/components/ui/Button";
import { Pill } from "@/components/ui/Pill";
import { useT } from "@/lib/i18n";
import { formatPhone } from "@/lib/phone";
import section from "./DetailsPane.module.css";
import css from "./Participants.module.css";

const AT_FIRST = 8;

/** Who is in a group, as they come, go and change. */
export function Participants({ groupId }: { groupId: string }) {
  const t = useT();
  const [all, setAll] = useState(false);
  const contacts = useChat((state) => state.contacts);
  const group = useChat((state) => state.groups.get(groupId));
  const people = group?.participants ?? [];
  if (people.length === 0) return null;
  const shown = all ? people : people.slice(0, AT_FIRST);
  return (
    <section className={section.section}>
      <h3>{t("details.members", { count: people.length })}</h3>
      {group?.description && (
        <p className={css.about} dir="auto">
          {group.description}
        </p>
      )}
      <ul className={css.people}>
        {shown.map(({ contact: told, admin }) => {
          const contact = newer(told, contacts.get(told.id));
          const phone = contact.phone && formatPhone(contact.phone);
          const name = contact.name || phone || t("thread.nameless");
          return (
            <li key={contact.id}>
              <Avatar
                seed={contact.phone ?? name}
                name={name}
                picture={contact.picture}
                size="small"
              />
              <span>
                <b dir="auto">{name}</b>
                {phone && phone !== name && <small className="num">{phone}</small>}
              </span>
              {contact.id === group?.owner?.id ? (
                <Pill>{t("details.owner")}</Pill>
              ) : (
                admin && <Pill>{t("details.admin")}</Pill>
              )}
            </li>
          );
        })}
      </ul>
      {!all && people.length > AT_FIRST && (
        <Button look="link" className={css.more} onClick={() => setAll(true)}>
          {t("details.more")}
        </Button>
      )}
    </section>
  );
}

const newer = (told: Contact, held: Contact | undefined): Contact =>
  held && held.version > told.version ? held : told;
