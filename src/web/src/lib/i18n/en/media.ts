import type { Words } from "../catalogue";
import type { media as ptBR } from "../pt-BR/media";

export const media: Words<typeof ptBR> = {
  "media.open": "Open {what}",
  "media.pending": "{what} on its way",
  "media.unavailable": "Unavailable",
  "media.undrawable": "Can’t be shown",
  "media.retry": "Try again",
  "media.download": "Download",
  "media.downloadNamed": "Download {name}",
  "media.unnamed": "File",
  "media.play": "Play",
  "media.pause": "Pause",
  "media.seek": "Position",
  "media.at": "{time} of {total}",
  "media.rate": "Speed {rate}×",
  "media.mute": "Mute",
  "media.unmute": "Unmute",
  "media.fullScreen": "Full screen",
  "media.unplayable": "This browser can’t play it. Download the file.",

  "lightbox.label": "Media of the conversation",
  "lightbox.title": "{name} · {when}",
  "lightbox.previous": "Previous",
  "lightbox.next": "Next",
  "lightbox.zoomIn": "Zoom in",
  "lightbox.zoomOut": "Zoom out",
  "lightbox.place": "{index} of {count}",
};
