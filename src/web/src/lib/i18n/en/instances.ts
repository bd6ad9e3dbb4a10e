import type { Words } from "../catalogue";
import type { instances as ptBR } from "../pt-BR/instances";

export const instances: Words<typeof ptBR> = {
  "instance.open": "Connected",
  "instance.connecting": "Connecting",
  "instance.close": "Disconnected",
  "instance.refused": "Refused",
  "instance.unreachable": "Unreachable",
  "instance.unknown": "No answer",
  "instance.banner":
    "{name} is not connected. What you send waits in the queue and leaves when it is back.",
  "instance.connectingBanner": "{name} is connecting. What you send leaves right after.",

  "instances.title": "Numbers",
  "instances.lead": "The WhatsApp numbers that your team answers.",
  "instances.empty": "No number yet",
  "instances.emptyHint": "Connect the first one to start answering.",
  "instances.noPhone": "No number yet",
  "instances.readOnly": "The WhatsApp numbers that your team answers. An admin looks after them.",
  "instances.emptyAsk": "Ask an admin to connect the first one.",
  "instances.add": "Add a number",
  "instances.create": "Add",
  "instances.connect": "Connect",
  "instances.actions": "Actions for {name}",
  "instances.rename": "Rename",
  "instances.access": "Change key or address",
  "instances.accessLead":
    "What you leave empty stays as it is. What is kept is never shown, not even to you.",
  "instances.rotate": "Change webhook secret",
  "instances.disconnect": "Disconnect",
  "instances.remove": "Remove number",
  "instances.name": "Name for the team",
  "instances.nameExample": "Downtown store",
  "instances.gateway": "Connection",
  "instances.base_url": "Evolution address",
  "instances.api_key": "Key (apikey)",
  "instances.instance_name": "Instance name in Evolution",
  "instances.sandboxLead": "A make-believe number, to get to know FlowChat with the test phone.",
  "instances.rotateTitle": "Change the webhook secret?",
  "instances.rotateLead":
    "The new secret is shown once. The one before stays valid for a while, so that nothing is lost in between.",
  "instances.rotateConfirm": "Change secret",
  "instances.disconnectTitle": "Disconnect {name}?",
  "instances.disconnectLead":
    "The phone leaves this WhatsApp session. What the team sends waits in the queue until you connect again.",
  "instances.removeTitle": "Remove {name}?",
  "instances.removeLead":
    "Its conversations stay to be read, but nobody writes from this number any more.",
  "instances.removeThere": "Also delete it at the gateway",
  "instances.removeThereHint":
    "The phone leaves the WhatsApp session there. Otherwise the session stays linked.",
  "instances.removeConfirm": "Remove",
  "instances.cause.instance_closed":
    "The phone isn’t in this session. Connect again to receive and send.",
  "instances.cause.instance_silent": "The gateway doesn’t answer. Messages wait in the queue.",
  "instances.cause.instance_missing":
    "The gateway doesn’t know this number, or doesn’t say how it is. Sends fail.",
  "instances.cause.instance_refused": "The gateway gives no more codes. Connect again.",
  "instances.cause.gateway_key_refused":
    "The gateway refused the key. Messages wait in the queue until it is corrected with “Change key or address”, in this number’s menu.",
  "instances.cause.gateway_license_required":
    "The gateway waits for its licence. Messages leave as soon as it is activated.",
  "instances.cause.number_blocked":
    "Meta doesn’t let this number send. Messages wait until that is settled with Meta.",
  "instances.deaf":
    "The number is connected, but what customers write doesn’t come here: the gateway can’t reach the webhook address.",
  "instances.offline": "Meta doesn’t have this number connected. Messages wait in the queue.",

  "webhook.title": "Keep this secret",
  "webhook.lead":
    "It is shown this once. Use both in Evolution’s webhook settings, unless it sets itself up.",
  "webhook.url": "Webhook address",
  "webhook.secret": "Secret",
  "webhook.copy": "Copy: {what}",
  "webhook.kept": "I have kept it",

  "pairing.title": "Connect {name}",
  "pairing.qr": "QR code to scan with WhatsApp",
  "pairing.waiting": "Asking for a code…",
  "pairing.none": "No code now",
  "pairing.byPhone": "Pair with a phone number",
  "pairing.phone": "Number with country code",
  "pairing.askCode": "Get code",
  "pairing.orCode": "Or type this code on the phone:",
  "pairing.done": "Connected: {phone}",
  "pairing.step1": "Open WhatsApp on the phone.",
  "pairing.step2": "Tap Linked devices, then Link a device.",
  "pairing.step3": "Point the camera at the code. It renews itself.",
  "pairing.step3Typed": "Tap “Link with phone number instead” and type the code.",

  "gateway.evolution": "Evolution API",
  "gateway.cloud": "WhatsApp Cloud API",
  "gateway.sandbox": "Test phone",

  "cloud.phone_number_id": "Phone number ID",
  "cloud.business_account_id": "WhatsApp Business account ID",
  "cloud.api_key": "Access token",
  "cloud.app_secret": "App secret",
  "cloud.where.phone_number_id":
    "developers.facebook.com › your app › WhatsApp › API setup, below the number.",
  "cloud.where.business_account_id": "On the same page, beside the phone number ID.",
  "cloud.where.api_key":
    "business.facebook.com › Settings › System users › Generate token, with both WhatsApp permissions. The one on the API setup page ends after a day.",
  "cloud.where.app_secret": "developers.facebook.com › your app › App settings › Basic.",
  "cloud.webhookTitle": "Tell Meta where to call",
  "cloud.webhookLead":
    "At developers.facebook.com › your app › WhatsApp › Configuration, give this address and token, verify them, and subscribe to “messages”. The token is shown only now.",
  "cloud.verifyToken": "Verify token",
  "cloud.rotateLead":
    "Meta asks for the token only when its address is verified again: give it the new one there.",
  "cloud.access": "Change access token or app secret",
  "cloud.keyRefused":
    "Meta refused the access token. Messages wait in the queue until it is corrected with “Change access token or app secret”, in this number’s menu.",
};
