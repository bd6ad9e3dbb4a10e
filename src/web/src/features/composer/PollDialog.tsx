import { useState } from "react";
import type { Outgoing } from "@/chat/unsent";
import { Field } from "@/components/ui/Field";
import { Switch } from "@/components/ui/Switch";
import { useT } from "@/lib/i18n";
import { answersOf, MOST_OPTIONS, pollFault, type Fault, type TypedPoll } from "./limits";
import { AskingForm } from "./AskingForm";
import css from "./Asking.module.css";

interface PollDialogProps {
  onSend: (outgoing: Outgoing) => void;
  onClose: () => void;
}

const LONGEST_QUESTION = 255;
const LONGEST_OPTION = 100;

export function PollDialog({ onSend, onClose }: PollDialogProps) {
  const t = useT();
  const [poll, setPoll] = useState<TypedPoll>({ question: "", options: ["", ""], many: false });
  const [fault, setFault] = useState<Fault | null>(null);
  const errorOf = (field: string) => (fault?.field === field ? t(fault.why) : null);

  function change(part: Partial<TypedPoll>) {
    setPoll((held) => ({ ...held, ...part }));
    setFault(null);
  }

  /** There is always one more to fill, up to the most. */
  function changeOption(index: number, text: string) {
    const options = poll.options.with(index, text);
    const grows = options.at(-1) !== "" && options.length < MOST_OPTIONS;
    change({ options: grows ? [...options, ""] : options });
  }

  function submit() {
    const found = pollFault(poll);
    if (found) return setFault(found);
    const question = poll.question.trim();
    const selectable_count = poll.many ? 0 : 1;
    onSend({
      type: "poll",
      text: "",
      content: { question, options: answersOf(poll), selectable_count, votes: [] },
    });
  }

  return (
    <AskingForm title={t("poll.title")} onSubmit={submit} onClose={onClose}>
      <Field
        label={t("poll.question")}
        autoFocus
        maxLength={LONGEST_QUESTION}
        value={poll.question}
        error={errorOf("question")}
        onChange={(event) => change({ question: event.target.value })}
      />
      <div className={css.options}>
        {poll.options.map((option, index) => (
          <Field
            key={index}
            label={t("poll.option", { index: index + 1 })}
            maxLength={LONGEST_OPTION}
            value={option}
            error={errorOf(`option ${index}`)}
            onChange={(event) => changeOption(index, event.target.value)}
          />
        ))}
      </div>
      <Switch label={t("poll.many")} on={poll.many} onChange={(many) => change({ many })} />
    </AskingForm>
  );
}
