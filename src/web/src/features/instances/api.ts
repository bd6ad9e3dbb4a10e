import { request } from "@/lib/http";
import type { Instance } from "@/chat/types";

/** Shown this once: afterwards the server keeps only what it compares by. */
export interface Webhook {
  webhook_url: string | null;
  webhook_secret: string;
}

export interface Pairing {
  /** A PNG, with or without what marks it as such. */
  base64?: string | null;
  code?: string | null;
  pairing_code?: string | null;
}

export interface NewInstance {
  name: string;
  gateway: "evolution" | "cloud" | "sandbox";
  base_url?: string;
  api_key?: string;
  instance_name?: string;
  phone_number_id?: string;
  business_account_id?: string;
  app_secret?: string;
}

/** What the Cloud API's numbers are reached by. */
export type CloudAccess = Required<
  Pick<NewInstance, "phone_number_id" | "business_account_id" | "api_key" | "app_secret">
>;

/** Where Evolution's numbers are, and what they are reached by. */
export type EvolutionAccess = Required<Pick<NewInstance, "base_url" | "api_key" | "instance_name">>;

export type CreatedInstance = Pick<Instance, "id" | "name" | "gateway"> & Webhook;

const path = (id: string, step = "") => `/api/instances/${id}${step}`;

export const createInstance = (typed: NewInstance) =>
  request<CreatedInstance>("POST", "/api/instances", typed);

export const renameInstance = (id: string, name: string) =>
  request<Instance>("PATCH", path(id), { name });

/** What is left empty stays as it is. */
export const changeAccess = (id: string, typed: Partial<CloudAccess & EvolutionAccess>) =>
  request<Instance>(
    "PATCH",
    path(id),
    Object.fromEntries(
      Object.entries(typed)
        .map(([name, value]) => [name, value.trim()])
        .filter(([, value]) => value),
    ),
  );

export const removeInstance = (id: string, atGateway: boolean) =>
  request<void>("DELETE", path(id, atGateway ? "?at_gateway=true" : ""));

export const disconnect = (id: string) => request<void>("POST", path(id, "/logout"));

export const rotateSecret = (id: string) =>
  request<{ webhook_url?: string | null; webhook_secret: string }>(
    "POST",
    path(id, "/rotate-secret"),
  );

/** Nothing while the gateway has no code to show. */
export const readQr = (id: string) => request<Pairing | undefined>("GET", path(id, "/qr"));

interface Connecting {
  qr?: Pairing | null;
  pairing_code?: string | null;
  state?: Instance["state"];
}

/** For a phone there is a code that is typed on it. Null where none is needed: it is connected already. */
export async function connect(id: string, phone: string | null): Promise<Pairing | null> {
  const step = phone ? `/connect?phone=${encodeURIComponent(phone)}` : "/connect";
  const { qr, pairing_code } =
    (await request<Connecting | undefined>("POST", path(id, step))) ?? {};
  return qr || pairing_code ? { ...qr, pairing_code: pairing_code ?? qr?.pairing_code } : null;
}
