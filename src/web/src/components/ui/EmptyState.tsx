import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import css from "./EmptyState.module.css";

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  hint: string;
  children?: ReactNode;
}

export function EmptyState({ icon: Icon, title, hint, children }: EmptyStateProps) {
  return (
    <div className={css.empty}>
      <span className={css.drawing}>
        <Icon size={26} aria-hidden="true" />
      </span>
      <h2>{title}</h2>
      <p>{hint}</p>
      {children}
    </div>
  );
}
