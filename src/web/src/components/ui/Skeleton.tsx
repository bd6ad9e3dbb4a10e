import css from "./Skeleton.module.css";

/** The shape of what is loading; the words for screen readers come from `label`. */
export function Skeleton({ label, kind }: { label: string; kind: "rows" | "bubbles" }) {
  return (
    <div className={css[kind]} role="status" aria-label={label}>
      {Array.from({ length: kind === "rows" ? 9 : 6 }, (_, i) => (
        <div key={i} className={css.line}>
          <i />
          <span>
            <i />
            <i />
          </span>
        </div>
      ))}
    </div>
  );
}
