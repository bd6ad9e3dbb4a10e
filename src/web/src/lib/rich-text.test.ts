import { expect, test } from "vitest";
import { hasLink, plainText, richText, type Rich } from "./rich-text";

const written = (parts: Rich[]): string =>
  parts
    .map((part) => {
      if ("parts" in part) return `<${part.kind}>${written(part.parts)}</>`;
      return part.kind === "text" ? part.text : `<${part.kind}>${part.text}</>`;
    })
    .join("");

test.each([
  ["oi", "oi"],
  ["*oi* você", "<bold>oi</> você"],
  ["*a _b_ c*", "<bold>a <italic>b</> c</>"],
  ["~antes~ depois", "<strike>antes</> depois"],
  ["2*3*4 e snake_case_name", "2*3*4 e snake_case_name"],
  ["* item* e *fim", "* item* e *fim"],
  ["*uma\nlinha*", "*uma\nlinha*"],
  ["**", "**"],
  ["```const a = *1*```", "<mono>const a = *1*</>"],
  ["use `npm ci`.", "use <mono>npm ci</>."],
  ["veja https://a.b/c_d_e?x=1*2, ok", "veja <link>https://a.b/c_d_e?x=1*2</>, ok"],
  ["*https://a.b*", "<bold><link>https://a.b</></>"],
  ["javascript:alert(1) http:// x", "javascript:alert(1) http:// x"],
])("%s", (text, expected) => {
  expect(written(richText(text))).toBe(expected);
});

test("mentions show names, and only of people who were mentioned", () => {
  const names = new Map([["5511987654321", "Ana"]]);
  expect(written(richText("oi @5511987654321 e @5511900000000", names))).toBe(
    "oi <mention>@Ana</> e @5511900000000",
  );
  expect(plainText("*oi* @5511987654321", names)).toBe("oi @Ana");
});

test("a long text of marks that never end is read in one go", () => {
  const text = "*a ".repeat(20_000);
  expect(richText(text)).toEqual([{ kind: "text", text }]);
});

test("a text has a link where an address begins with its scheme", () => {
  expect(hasLink("Veja https://loja.example/lumi.")).toBe(true);
  expect(hasLink("(http://a.b)")).toBe(true);
  expect(hasLink("loja.example, https:// e nada")).toBe(false);
});
