import { expect, test } from "vitest";
import type { Contents, Sender } from "@/chat/types";
import { countVotes, votersOf } from "./poll";

const contact = (id: string): Sender => ({ kind: "contact", id, name: id });
const vote = (by: Sender, ...options: string[]) => ({ options, by, at: "2026-11-20T10:00:00Z" });

const poll = (...votes: Contents["poll"]["votes"]): Contents["poll"] => ({
  question: "Quando?",
  options: ["sexta", "sábado"],
  selectable_count: 0,
  votes,
});

test("bars are drawn against the option that leads, and ours is known", () => {
  const us: Sender = { kind: "phone", id: null, name: null };
  const counted = countVotes(
    poll(vote(contact("a"), "sexta", "sábado"), vote(us, "sexta"), vote(contact("b"))),
  );
  expect(counted.map(({ option, votes, share, ours }) => [option, votes, share, ours])).toEqual([
    ["sexta", 2, 1, true],
    ["sábado", 1, 0.5, false],
  ]);
});

test("a vote that was taken back is no voter", () => {
  expect(votersOf(poll(vote(contact("a")), vote(contact("b"), "sexta")))).toBe(1);
  expect(countVotes(poll()).map(({ share }) => share)).toEqual([0, 0]);
});
