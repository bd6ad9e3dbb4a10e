import { isOurs } from "@/chat/message-changes";
import type { Contents, Sender } from "@/chat/types";

export interface CountedOption {
  option: string;
  votes: number;
  /** Of the leading option's votes. */
  share: number;
  ours: boolean;
  voters: Sender[];
}

/** One's last vote counts; one without options was taken back. */
export function countVotes({ options, votes }: Contents["poll"]): CountedOption[] {
  const counted = options.map((option) => {
    const chosen = votes.filter((vote) => vote.options.includes(option));
    return {
      option,
      votes: chosen.length,
      ours: chosen.some((vote) => isOurs(vote.by)),
      voters: chosen.map((vote) => vote.by),
    };
  });
  const most = Math.max(1, ...counted.map(({ votes: count }) => count));
  return counted.map((option) => ({ ...option, share: option.votes / most }));
}

export const votersOf = ({ votes }: Contents["poll"]) =>
  votes.filter((vote) => vote.options.length > 0).length;
