import { Field } from "@/components/ui/Field";
import { useT } from "@/lib/i18n";
import type { EvolutionAccess } from "./api";

interface EvolutionFieldsProps {
  /** What is kept by now: none of the fields is required, and the key comes first. */
  kept?: { base_url?: string | null; instance_name?: string | null };
  value: EvolutionAccess;
  onChange: (value: EvolutionAccess) => void;
}

export const NO_EVOLUTION: EvolutionAccess = { base_url: "", api_key: "", instance_name: "" };

/** Where a number is at Evolution. */
export function EvolutionFields({ kept, value, onChange }: EvolutionFieldsProps) {
  const t = useT();
  const field = (name: keyof EvolutionAccess) => ({
    label: t(`instances.${name}`),
    value: value[name],
    required: !kept,
    autoComplete: "off",
    onChange: (event: { target: { value: string } }) =>
      onChange({ ...value, [name]: event.target.value }),
  });
  const key = (
    <Field
      {...field("api_key")}
      type="password"
      autoComplete="new-password"
      autoFocus={kept !== undefined}
    />
  );
  return (
    <>
      {kept && key}
      <Field
        {...field("base_url")}
        type="url"
        placeholder={kept?.base_url ?? "https://evolution.example.com"}
      />
      {!kept && key}
      <Field {...field("instance_name")} placeholder={kept?.instance_name ?? undefined} />
    </>
  );
}
