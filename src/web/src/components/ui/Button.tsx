import type { ButtonHTMLAttributes } from "react";
import css from "./Button.module.css";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "plain" | "accent" | "danger" | "link";
}

export function Button({ look = "plain", type = "button", className, ...rest }: ButtonProps) {
  return <button {...rest} type={type} className={joined(css[look], className)} />;
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
}

export function IconButton({ label, type = "button", className, ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={label}
      className={joined(css.icon, className)}
    />
  );
}

const joined = (...names: (string | undefined)[]) => names.filter(Boolean).join(" ");
