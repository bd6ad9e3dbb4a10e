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

  "failure.written_long_ago": "Written more than a day ago. Send it now?",
  "failure.file_lost": "This browser no longer has the file. Attach it again.",
  "failure.too_large": "The file is too large. Send a smaller one.",
  "failure.not_allowed": "Your access doesn’t allow it. Ask an admin.",
  "failure.gone": "It no longer exists. Reload the page.",

  "failure.network": "The server did not answer. Try again in a moment.",
  "failure.busy": "Too much is asked for right now. Try again in a moment.",
  "failure.server_error": "The server couldn’t do it. Try again in a moment.",
  "failure.wrong_state": "This has changed meanwhile. Look how it is now.",
  "failure.id_taken": "This was already used for another message. Write it again.",
  "failure.email_taken": "This e-mail already has an account on this server. Use another one.",
  "failure.empty_file": "An empty file can’t be sent.",
  "failure.upload_incomplete": "The file came incomplete. Send it again.",
  "failure.store_away": "The server can’t keep files right now. Try again later.",
  "failure.already_here": "The file is here already. Reload the page.",
  "failure.gateway_away": "The gateway did not answer. Check its address and try again.",
  "failure.gateway_unlicensed":
    "The gateway isn’t activated yet. Activate its licence and try again.",
  "failure.address_not_allowed":
    "FlowChat may not call this address. If it is in your network, allow its host in FLOWCHAT_PRIVATE_HOSTS.",
  "failure.address_with_secret":
    "Give the address alone: no user or password, and nothing after ? or #.",
  "failure.phone_number_id_taken":
    "Another number here has this ID. Change that one, or remove it first.",
  "failure.instance_taken":
    "A number here has this instance of the gateway already. Use that one, or remove it first.",

  "failure.invalid": "Something that was given doesn’t fit. Check it and try again.",
  "failure.invalid_name": "Check the name: 1 to 100 characters on one line.",
  "failure.invalid_gateway": "Choose how this number is connected.",
  "failure.invalid_base_url": "Check the gateway’s address, such as https://evolution.example.com.",
  "failure.invalid_api_key": "Check the key: up to 500 plain characters on one line.",
  "failure.invalid_instance_name": "Check the instance’s name: as the gateway has it.",
  "failure.invalid_phone_number_id":
    "Check the phone number ID: digits only, and not the number itself.",
  "failure.invalid_business_account_id": "Check the account’s ID: digits only.",
  "failure.invalid_app_secret": "Check the app secret.",
  "failure.invalid_verify_token": "Check the verify token: up to 500 plain characters on one line.",
  "failure.invalid_sends_per_second": "Check the sends per second: 1 to 1,000.",
  "failure.invalid_phone": "Check the number: with its country code, such as +55 11 98765-4321.",
  "failure.invalid_instance_id": "This number is gone. Choose another one.",
  "failure.invalid_text": "Check the text: it is empty, or longer than WhatsApp takes.",
  "failure.invalid_reply_to":
    "The message that is answered is no longer on WhatsApp. Send it without the quote.",
  "failure.invalid_attachment_ids": "The server no longer has the file. Attach it again.",

  "failure.other": "It didn’t work. Try again.",
  "failure.details": "Details",

  "failure.pair_pace":
    "Waiting: WhatsApp limits messages in a row to one person. It goes in a moment.",
  "failure.number_pace":
    "Waiting: the number sends as much as WhatsApp allows. It goes as soon as it may.",
  "failure.window_closed":
    "More than 24 hours have passed since this person wrote: send a template.",
  "failure.undeliverable": "WhatsApp can’t deliver it to this person. Reach them another way.",
  "failure.template_refused": "WhatsApp refused the template. Check what was filled in.",
};
