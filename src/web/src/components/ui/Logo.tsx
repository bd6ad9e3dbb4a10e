import { MessageCircle } from "lucide-react";
import css from "./Logo.module.css";

export function Logo() {
  return (
    <span className={css.logo} aria-hidden="true">
      <MessageCircle size={19} />
    </span>
  );
}
