import { Field } from "@/components/ui/Field";
import { useT } from "@/lib/i18n";
import type { CloudAccess } from "./api";
import css from "./CloudFields.module.css";

interface CloudFieldsProps {
  /** These alone, and none of them is required: all of them is what a new number needs. */
  only?: readonly (keyof CloudAccess)[];
  value: CloudAccess;
  onChange: (value: CloudAccess) => void;
}

const FIELDS = [
  { name: "phone_number_id", secret: false },
  { name: "business_account_id", secret: false },
  { name: "api_key", secret: true },
  { name: "app_secret", secret: true },
] as const;

export const NO_ACCESS: CloudAccess = {
  phone_number_id: "",
  business_account_id: "",
  api_key: "",
  app_secret: "",
};

/** Each with the place at Meta where it is found. */
export function CloudFields({ only, value, onChange }: CloudFieldsProps) {
  const t = useT();
  const fields = FIELDS.filter(({ name }) => only?.includes(name) ?? true);
  return fields.map(({ name, secret }, index) => (
    <div key={name} className={css.field}>
      <Field
        label={t(`cloud.${name}`)}
        required={!only}
        autoFocus={only && index === 0}
        autoComplete={secret ? "new-password" : "off"}
        type={secret ? "password" : "text"}
        inputMode={secret ? undefined : "numeric"}
        aria-describedby={`cloud-${name}`}
        value={value[name]}
        onChange={(event) => onChange({ ...value, [name]: event.target.value })}
      />
      <p id={`cloud-${name}`}>{t(`cloud.where.${name}`)}</p>
    </div>
  ));
}
