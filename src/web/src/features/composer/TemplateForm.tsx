import { useState, type FormEvent } from "react";
import type { Instance, Template } from "@/chat/types";
import type { Outgoing } from "@/chat/unsent";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { useT, type Translate } from "@/lib/i18n";
import { fill, isFilled, toOutgoing, type Filled } from "./fill-template";
import { headerFault, isGiven, NO_HEADER, withHeader } from "./template-header";
import { TemplateHeader } from "./TemplateHeader";
import asking from "./Asking.module.css";
import css from "./Template.module.css";

interface TemplateFormProps {
  template: Template;
  instance: Instance | undefined;
  onSend: (outgoing: Outgoing, file?: File) => void;
  onBack: () => void;
}

const MOST_CHARACTERS = 1_024;

/** Its blanks, and what the other side will read. */
export function TemplateForm({ template, instance, onSend, onBack }: TemplateFormProps) {
  const t = useT();
  const [values, setValues] = useState<Filled>({});
  const [given, setGiven] = useState(NO_HEADER);
  const { header, body, footer, buttons, parameters, needs } = template;
  const ready =
    isFilled(template, values) &&
    isGiven(template, given) &&
    headerFault(instance, needs, given) === null;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready) return;
    onSend(
      await withHeader(toOutgoing(template, values), template, given),
      given.file ?? undefined,
    );
  }

  return (
    <form className={asking.form} onSubmit={submit}>
      {(parameters.length > 0 || needs) && (
        <div className={asking.options}>
          {needs && (
            <TemplateHeader needs={needs} instance={instance} value={given} onChange={setGiven} />
          )}
          {parameters.map(({ key, example }, index) => (
            <Field
              key={key}
              label={labelOf(t, key)}
              autoFocus={index === 0 && !needs}
              required
              autoComplete="off"
              maxLength={MOST_CHARACTERS}
              placeholder={example ? t("template.example", { example }) : undefined}
              value={values[key] ?? ""}
              onChange={(event) => setValues({ ...values, [key]: event.target.value })}
            />
          ))}
        </div>
      )}
      <div className={css.preview} aria-label={t("template.preview")} role="region">
        {header && <b dir="auto">{fill("header", header, values)}</b>}
        <p dir="auto">{fill("body", body, values)}</p>
        {footer && <small dir="auto">{footer}</small>}
        {buttons.length > 0 && (
          <ul>
            {buttons.map((label, index) => (
              <li key={index}>{label}</li>
            ))}
          </ul>
        )}
      </div>
      <footer>
        <Button onClick={onBack}>{t("template.back")}</Button>
        <Button
          look="accent"
          type="submit"
          autoFocus={parameters.length === 0 && !needs}
          disabled={!ready}
        >
          {t("composer.send")}
        </Button>
      </footer>
    </form>
  );
}

/** "body.1" is the first blank of the text, "button.0" what the first button's address ends in. */
function labelOf(t: Translate, key: string): string {
  const [part, name = ""] = key.split(".");
  if (part === "button") return t("template.ofButton", { name: String(parseInt(name) + 1) });
  return t(part === "header" ? "template.ofHeader" : "template.ofBody", { name });
}
