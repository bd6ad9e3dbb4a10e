import { describe, expect, test } from "vitest";
import type { Template } from "@/chat/types";
import { requestOf, type Unsent } from "@/chat/unsent";
import { isGiven, NO_HEADER, placeIn, withHeader } from "./template-header";

const template = (needs: string | null): Template => ({
  name: "promo",
  language: "pt_BR",
  category: "MARKETING",
  header: null,
  body: "Promoção",
  footer: null,
  buttons: [],
  parameters: [],
  needs,
  can_be_sent: true,
});

const masp = {
  ...NO_HEADER,
  coordinates: "-23.5614, -46.6559",
  name: "MASP",
  address: "Av. Paulista",
};

describe("a template's header", () => {
  test("is a place with its name and address", () => {
    expect(placeIn(masp)).toEqual({
      latitude: -23.5614,
      longitude: -46.6559,
      name: "MASP",
      address: "Av. Paulista",
    });
    expect(isGiven(template("location"), { ...masp, name: " " })).toBe(false);
    expect(isGiven(template("location"), { ...masp, coordinates: "MASP" })).toBe(false);
  });

  test("is a file, or nothing is asked for", () => {
    expect(isGiven(template("image"), NO_HEADER)).toBe(false);
    expect(isGiven(template("image"), { ...NO_HEADER, file: new File(["a"], "a.png") })).toBe(true);
    expect(isGiven(template(null), NO_HEADER)).toBe(true);
  });

  test("goes out beside the template", async () => {
    const content = {
      name: "promo",
      language: "pt_BR",
      header: null,
      footer: null,
      buttons: [],
      values: [],
    };
    const outgoing = { type: "template" as const, text: "Promoção", content };
    const entry = { client_message_id: "1" } as Unsent;
    const placed = await withHeader(outgoing, template("location"), masp);

    expect(requestOf({ ...entry, ...placed })).toMatchObject({
      template: { name: "promo" },
      location: { name: "MASP" },
    });
    const attachment = { id: "here", kind: "image" } as Unsent["attachment"];
    expect(requestOf({ ...entry, ...outgoing, attachment, uploaded_id: "there" })).toEqual({
      client_message_id: "1",
      template: { name: "promo", language: "pt_BR", parameters: {} },
      attachment_ids: ["there"],
    });
  });
});
