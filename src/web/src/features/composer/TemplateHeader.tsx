import { useId } from "react";
import { Field } from "@/components/ui/Field";
import type { Instance } from "@/chat/types";
import { useLanguage, useT } from "@/lib/i18n";
import { acceptOf, faultWords } from "./file-limits";
import { headerFault, type FileKind, type Header } from "./template-header";
import asking from "./Asking.module.css";
import css from "./Template.module.css";

interface TemplateHeaderProps {
  /** What the template's header is. */
  needs: string;
  instance: Instance | undefined;
  value: Header;
  onChange: (value: Header) => void;
}

/** The file or the place that stands above the text. */
export function TemplateHeader({ needs, instance, value, onChange }: TemplateHeaderProps) {
  const t = useT();
  const language = useLanguage();
  const id = useId();
  const fault = headerFault(instance, needs, value);
  if (needs === "location") {
    const field = (name: "coordinates" | "name" | "address") => ({
      label: t(name === "coordinates" ? "place.coordinates" : `template.place.${name}`),
      required: true,
      autoComplete: "off",
      value: value[name],
      onChange: (event: { target: { value: string } }) =>
        onChange({ ...value, [name]: event.target.value }),
    });
    return (
      <>
        <Field {...field("coordinates")} autoFocus placeholder="-23.5614, -46.6559" />
        <div className={asking.pair}>
          <Field {...field("name")} />
          <Field {...field("address")} />
        </div>
      </>
    );
  }
  return (
    <div className={css.file}>
      <label htmlFor={id}>{t(`template.file.${needs as "image" | "video" | "document"}`)}</label>
      <input
        id={id}
        type="file"
        autoFocus
        required
        accept={acceptOf(instance, [needs as FileKind])}
        aria-describedby={`${id}-fault`}
        onChange={(event) => onChange({ ...value, file: event.target.files?.[0] ?? null })}
      />
      <small id={`${id}-fault`} role="alert">
        {fault && faultWords(t, language, fault)}
      </small>
    </div>
  );
}
