import type { Words } from "../catalogue";
import type { failures as ptBR } from "../pt-BR/failures";

export const failures: Words<typeof ptBR> = {
  "failure.not_on_whatsapp": "This number is not on WhatsApp. Check the number with the customer.",
  "failure.refused": "WhatsApp didn’t take it. Check what it says and try again.",
  "failure.not_connected": "The number stayed disconnected for too long. Connect it and try again.",
  "failure.gateway_error": "The gateway couldn’t do it. If it goes on, tell an admin.",
  "failure.unauthorized": "The gateway refused this number’s key. An admin has to correct the key.",
  "failure.instance_missing":
    "The gateway no longer knows this number. An admin has to connect it again.",
  "failure.cancelled": "An admin cancelled the sending. Try again if it is still wanted.",
  "failure.dismissed": "The sending was dismissed. Try again if it is still wanted.",
  "failure.media_missing": "The server no longer has the file. Attach it again.",
  "failure.number_removed": "This conversation’s number was removed. Write from another number.",
  "failure.unable": "This number doesn’t allow it. Write it another way, or from another number.",
  "failure.deleted": "The message was deleted already.",
  "failure.not_sent_yet":
    "The message hasn’t reached WhatsApp yet. Wait until it is sent and try again.",
  "failure.change_pending": "Another change of it is on its way. Try again in a moment.",
  "failure.not_ours": "Only what this number sent can be edited or deleted.",
  "failure.not_text": "Only text messages can be edited.",
  "failure.edit_too_late":
    "WhatsApp takes edits up to 15 minutes after sending. Send a new message.",

  "failure.file_lost": "This browser no longer has the file. Attach it again.",
  "failure.too_large": "The file is too large. Send a smaller one.",
  "failure.not_allowed": "Your access doesn’t allow it. Ask an admin.",
  "failure.gone": "It no longer exists. Reload the page.",
  "failure.other": "It didn’t work. Try again.",
  "failure.details": "Details",

  "failure.window_closed":
    "More than 24 hours have passed since this person wrote: send a template.",
  "failure.undeliverable": "WhatsApp can’t deliver it to this person. Reach them another way.",
  "failure.template_refused": "WhatsApp refused the template. Check what was filled in.",
};
