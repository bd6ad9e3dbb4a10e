import { describe, expect, test } from "vitest";
import type { Template } from "@/chat/types";
import { fill, isFilled, matching, toOutgoing } from "./fill-template";

const reminder: Template = {
  name: "lembrete_entrega",
  language: "pt_BR",
  category: "UTILITY",
  header: "Pedido {{1}}",
  body: "Olá {{nome}}, sua entrega é {{ dia }}. Até já, {{nome}}!",
  footer: "Loja",
  buttons: ["Ok"],
  parameters: [
    { key: "header.1", example: "42" },
    { key: "body.nome", example: "Ana" },
    { key: "body.dia", example: null },
  ],
  needs: null,
  can_be_sent: true,
};

const values = { "header.1": " 42 ", "body.nome": "Ana", "body.dia": "hoje" };

describe("a template", () => {
  test("says what its blanks were given, and shows those that weren't", () => {
    expect(fill("body", reminder.body, values)).toBe("Olá Ana, sua entrega é hoje. Até já, Ana!");
    expect(fill("body", reminder.body, { "body.nome": "Ana" })).toContain("{{ dia }}");
    expect(fill("header", "{{1}}", { "body.1": "no" })).toBe("{{1}}");
  });

  test("is filled once every blank says something", () => {
    expect(isFilled(reminder, values)).toBe(true);
    expect(isFilled(reminder, { ...values, "body.dia": " " })).toBe(false);
  });

  test("goes out with its values in their order", () => {
    const { type, text, content } = toOutgoing(reminder, values);
    expect([type, text]).toEqual(["template", "Olá Ana, sua entrega é hoje. Até já, Ana!"]);
    expect(content).toMatchObject({
      header: "Pedido 42",
      values: [
        { key: "header.1", text: "42" },
        { key: "body.nome", text: "Ana" },
        { key: "body.dia", text: "hoje" },
      ],
    });
  });

  test("is found by words of its name or text", () => {
    expect(matching([reminder], "entrega lembrete")).toHaveLength(1);
    expect(matching([reminder], "promo")).toHaveLength(0);
  });
});
