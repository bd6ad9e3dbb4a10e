import { CircleCheck } from "lucide-react";
import type { Contents, Sender } from "@/chat/types";
import { Popover, useOpener } from "@/components/ui/Popover";
import { useT } from "@/lib/i18n";
import { countVotes, votersOf, type CountedOption } from "./poll";
import { useSenderName } from "./thread-context";
import css from "./PollCard.module.css";

export function PollCard({ poll }: { poll: Contents["poll"] }) {
  const t = useT();
  const { anchor, close, button } = useOpener();
  const counted = countVotes(poll);
  const voters = votersOf(poll);
  const { selectable_count: most } = poll;
  const rule = most === 1 ? "poll.one" : most > 1 ? "poll.some" : "poll.any";
  return (
    <div className={css.poll}>
      <b dir="auto">{poll.question}</b>
      <p className={css.rule}>{t(rule, { count: most })}</p>
      <ul>
        {counted.map((option) => (
          <Option key={option.option} option={option} />
        ))}
      </ul>
      {voters === 0 ? (
        <p className={css.none}>{t("poll.none")}</p>
      ) : (
        <button type="button" className={css.who} {...button}>
          {t("poll.who")}
        </button>
      )}
      {anchor && (
        <Popover anchor={anchor} label={t("poll.who")} onClose={close}>
          <Voters counted={counted} />
        </Popover>
      )}
    </div>
  );
}

function Option({ option: { option, votes, share, ours } }: { option: CountedOption }) {
  const t = useT();
  return (
    <li className={css.option} data-ours={ours || undefined}>
      <span dir="auto">
        {option}
        {ours && (
          <CircleCheck size={15} role="img" aria-label={t("poll.ours")}>
            <title>{t("poll.ours")}</title>
          </CircleCheck>
        )}
      </span>
      <span className="num" aria-label={t("poll.votes", { count: votes })}>
        {votes}
      </span>
      <i aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </i>
    </li>
  );
}

function Voters({ counted }: { counted: readonly CountedOption[] }) {
  const t = useT();
  return (
    <div className={css.voters}>
      {counted
        .filter((option) => option.votes > 0)
        .map((option) => (
          <section key={option.option}>
            <h3>
              <span dir="auto">{option.option}</span>
              <span className="num">{t("poll.votes", { count: option.votes })}</span>
            </h3>
            <ul>
              {option.voters.map((by, index) => (
                <Voter key={index} by={by} />
              ))}
            </ul>
          </section>
        ))}
    </div>
  );
}

function Voter({ by }: { by: Sender }) {
  const t = useT();
  return <li dir="auto">{useSenderName(by) ?? t("thread.nameless")}</li>;
}
