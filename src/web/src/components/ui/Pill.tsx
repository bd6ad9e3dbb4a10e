import type { ReactNode } from "react";
import css from "./Pill.module.css";

export function Pill({
  tone = "plain",
  children,
}: {
  tone?: "plain" | "good" | "warn" | "bad";
  children: ReactNode;
}) {
  return (
    <span className={css.pill} data-tone={tone}>
      {children}
    </span>
  );
}
