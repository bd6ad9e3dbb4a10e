import { useState, type FormEvent } from "react";
import type { Template } from "@/chat/types";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { Skeleton } from "@/components/ui/Skeleton";
import { useT } from "@/lib/i18n";
import { problemText } from "@/lib/problem";
import { matching } from "./fill-template";
import { useTemplates } from "./use-templates";
import asking from "./Asking.module.css";
import css from "./Template.module.css";

interface TemplatePickerProps {
  instanceId: string;
  onChoose: (template: Template) => void;
  onClose: () => void;
}

const keyOf = ({ name, language }: Template) => `${name} ${language}`;

/** Radio buttons: the arrows walk through them, Enter takes the one that is marked. */
export function TemplatePicker({ instanceId, onChoose, onClose }: TemplatePickerProps) {
  const t = useT();
  const { templates, problem, reload } = useTemplates(instanceId);
  const [typed, setTyped] = useState("");
  const [marked, setMarked] = useState<string | null>(null);
  const found = matching(templates ?? [], typed);
  const usable = found.filter(({ can_be_sent }) => can_be_sent);
  const chosen = usable.find((one) => keyOf(one) === marked) ?? usable[0];

  function submit(event: FormEvent) {
    event.preventDefault();
    if (chosen) onChoose(chosen);
  }

  return (
    <form className={asking.form} onSubmit={submit}>
      <Field
        label={t("template.search")}
        autoFocus
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className={css.list} role="radiogroup" aria-label={t("template.title")}>
        {problem ? (
          <p className={asking.note} role="alert">
            {problemText(t, problem)}
          </p>
        ) : templates === null ? (
          <Skeleton kind="rows" label={t("template.title")} />
        ) : found.length === 0 ? (
          <p className={asking.note}>{t(typed ? "template.noMatch" : "template.none")}</p>
        ) : (
          found.map((template) => (
            <label key={keyOf(template)} className={css.option}>
              <input
                type="radio"
                name="template"
                disabled={!template.can_be_sent}
                checked={template === chosen}
                onChange={() => setMarked(keyOf(template))}
              />
              <span>
                <b>{template.name}</b>
                <small>{template.language}</small>
                <span dir="auto">{template.body}</span>
                {!template.can_be_sent && <em>{t("template.needs")}</em>}
              </span>
            </label>
          ))
        )}
      </div>
      <footer>
        <Button onClick={() => void reload()}>{t("template.reload")}</Button>
        <Button onClick={onClose}>{t("compose.cancel")}</Button>
        <Button look="accent" type="submit" disabled={!chosen}>
          {t("template.next")}
        </Button>
      </footer>
    </form>
  );
}
