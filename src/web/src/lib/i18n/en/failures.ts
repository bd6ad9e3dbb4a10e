import type { Words } from "../catalogue";
import type { failures as ptBR } from "../pt-BR/failures";

export const failures: Words<typeof ptBR> = {
  "failure.not_on_whatsapp": "This number is not on WhatsApp",
  "failure.refused": "WhatsApp refused the message",
  "failure.not_connected": "The number stayed disconnected for too long",
  "failure.gateway_error": "The gateway answered with an error",
  "failure.unauthorized": "The gateway refused the access key",
  "failure.instance_missing": "The number no longer exists at the gateway",
  "failure.cancelled": "Sending was cancelled",
  "failure.dismissed": "Sending was dismissed",
  "failure.other": "It was not sent",
  "failure.withDetail": "{reason}: {detail}",
  "failure.file_lost": "This browser no longer has the file. Attach it again",
  "failure.too_large": "The file is too large",
};
