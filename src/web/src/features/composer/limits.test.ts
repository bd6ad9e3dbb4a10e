import { expect, test } from "vitest";
import { answersOf, cardOf, contactFault, pollFault, readCoordinates } from "./limits";

test("coordinates are read as maps copy them", () => {
  const place = { latitude: -23.5614, longitude: -46.6559 };
  expect(readCoordinates("-23.5614, -46.6559")).toEqual(place);
  expect(readCoordinates("-23.5614 -46.6559")).toEqual(place);
  expect(readCoordinates("-23,5614; -46,6559")).toEqual(place);
});

test("what is no place on earth is refused", () => {
  for (const typed of ["", "-23.5", "91, 0", "0, 181", "1, 2, 3", "Paulista, 1578"])
    expect(readCoordinates(typed)).toBeNull();
});

const poll = (question: string, ...options: string[]) => ({ question, options, many: false });

test("a poll needs a question and two different answers", () => {
  expect(pollFault(poll(" ", "a", "b"))).toMatchObject({ field: "question" });
  expect(pollFault(poll("q", "a", ""))).toMatchObject({ field: "option 1", why: "poll.needsTwo" });
  expect(pollFault(poll("q", "a", "b", "a "))).toMatchObject({ field: "option 2" });
  expect(pollFault(poll("q", "a", "b", ""))).toBeNull();
  expect(answersOf(poll("q", " a ", "", "b"))).toEqual(["a", "b"]);
});

const ana = { name: "Ana", phone: "+55 11 98765-4321", organization: " ", email: "" };

test("a contact needs a name and a whole number", () => {
  expect(contactFault(ana)).toBeNull();
  expect(contactFault({ ...ana, name: "" })).toMatchObject({ field: "name" });
  expect(contactFault({ ...ana, phone: "98765" })).toMatchObject({ field: "phone" });
  expect(contactFault({ ...ana, email: "ana" })).toMatchObject({ field: "email" });
  expect(cardOf(ana)).toEqual({
    name: "Ana",
    phones: ["+5511987654321"],
    organization: null,
    email: null,
  });
});
