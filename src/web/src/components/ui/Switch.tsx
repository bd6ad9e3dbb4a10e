import { useId } from "react";
import css from "./Switch.module.css";

interface SwitchProps {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
  /** What it does, or why it can't be switched. */
  hint?: string | null;
}

export function Switch({ label, on, onChange, disabled = false, hint = null }: SwitchProps) {
  const hintId = useId();
  return (
    <label className={css.switch}>
      <span>
        {label}
        {hint && <small id={hintId}>{hint}</small>}
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        aria-label={label}
        aria-describedby={hint ? hintId : undefined}
        checked={on}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}
