import { CornerUpLeft, FileQuestionMark } from "lucide-react";
import type { ReactNode } from "react";
import { contentOf, placeOf } from "@/chat/content";
import type { Message } from "@/chat/types";
import { AudioPlayer } from "@/components/media/AudioPlayer";
import { DocumentCard } from "@/components/media/DocumentCard";
import { Picture } from "@/components/media/Picture";
import { Unavailable } from "@/components/media/Unavailable";
import { VideoPlayer } from "@/components/media/VideoPlayer";
import { useT } from "@/lib/i18n";
import { ContactCards } from "./ContactCards";
import { HeaderFiles } from "./HeaderFiles";
import { InteractiveCard } from "./InteractiveCard";
import { PlaceCard } from "./PlaceCard";
import { PollCard } from "./PollCard";
import { RichText } from "./RichText";
import { TemplateCard } from "./TemplateCard";
import { useScene } from "./thread-context";
import css from "./Body.module.css";

/** What a message says, by its type. */
export function Body({ message }: { message: Message }) {
  switch (message.type) {
    case "text":
      return <RichText text={message.text ?? ""} mentions={message.mentions} />;
    case "image":
    case "video":
    case "sticker":
      return <Seen message={message} />;
    case "audio":
    case "voice":
      return <Heard message={message} />;
    case "document":
      return (
        <Captioned message={message}>
          {message.attachments.map((one) => (
            <DocumentCard key={one.id} attachment={one} />
          ))}
        </Captioned>
      );
    case "location":
    case "live_location": {
      const place = placeOf(message);
      return (
        place && (
          <>
            <PlaceCard
              place={place}
              live={message.type === "live_location"}
              captioned={Boolean(message.text)}
            />
            {message.text && <RichText text={message.text} mentions={message.mentions} />}
          </>
        )
      );
    }
    case "contacts":
      return <ContactCards cards={contentOf(message, "contacts")?.contacts ?? []} />;
    case "poll": {
      const poll = contentOf(message, "poll");
      return poll && <PollCard poll={poll} />;
    }
    case "interactive":
      return (
        <>
          <HeaderFiles message={message} />
          <InteractiveCard message={message} content={contentOf(message, "interactive")} />
        </>
      );
    case "template":
      return <TemplateCard message={message} content={contentOf(message, "template")} />;
    case "choice":
      return <Chosen message={message} />;
    default:
      return <Unsupported message={message} />;
  }
}

function Captioned({ message, children }: { message: Message; children: ReactNode }) {
  return (
    <>
      <div className={css.medium}>{children}</div>
      {message.text && <RichText text={message.text} mentions={message.mentions} />}
    </>
  );
}

function Seen({ message }: { message: Message }) {
  const t = useT();
  const { openMedia } = useScene();
  const { type } = message;
  const what = message.text ?? t(`kind.${type as "image" | "video" | "sticker"}`);
  return (
    <Captioned message={message}>
      {message.attachments.map((one) =>
        type === "video" ? (
          <Picture key={one.id} attachment={one} what={what}>
            <VideoPlayer attachment={one} />
          </Picture>
        ) : (
          <Picture
            key={one.id}
            attachment={one}
            what={what}
            bare={type === "sticker"}
            onOpen={() => openMedia(one.id)}
          />
        ),
      )}
    </Captioned>
  );
}

function Heard({ message }: { message: Message }) {
  const t = useT();
  return message.attachments.map((one) =>
    one.state === "ready" ? (
      <AudioPlayer key={one.id} attachment={one} />
    ) : (
      <div key={one.id} className={css.unheard} data-state={one.state}>
        {one.state === "pending" ? (
          t("media.pending", { what: t(one.kind === "voice" ? "kind.voice" : "kind.audio") })
        ) : (
          <Unavailable attachment={one} />
        )}
      </div>
    ),
  );
}

function Chosen({ message }: { message: Message }) {
  const t = useT();
  const choice = contentOf(message, "choice");
  return (
    <div className={css.choice}>
      <small>
        <CornerUpLeft size={13} aria-hidden="true" />
        {t("choice.label")}
      </small>
      <span dir="auto">{choice?.title ?? message.text}</span>
      {choice?.description && <small dir="auto">{choice.description}</small>}
      {choice?.answers && (
        <dl>
          {choice.answers.map(({ name, value }, index) => (
            <div key={index}>
              <dt dir="auto">{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function Unsupported({ message }: { message: Message }) {
  const t = useT();
  const kind = contentOf(message, "unsupported")?.kind;
  return (
    <>
      {message.text && <RichText text={message.text} mentions={message.mentions} />}
      <span className={css.placeholder}>
        <FileQuestionMark size={16} aria-hidden="true" />
        {t("message.unsupported")}
        <small>{kind ? t("unsupported.kind", { kind }) : t("message.unsupportedHint")}</small>
      </span>
    </>
  );
}
