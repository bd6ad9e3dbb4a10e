import { app } from "./app";
import { composer } from "./composer";
import { conversations } from "./conversations";
import { details } from "./details";
import { failures } from "./failures";
import { instances } from "./instances";
import { kinds } from "./kinds";
import { media } from "./media";
import { sandbox } from "./sandbox";
import { thread } from "./thread";

export const ptBR = {
  ...app,
  ...conversations,
  ...thread,
  ...kinds,
  ...failures,
  ...media,
  ...details,
  ...composer,
  ...instances,
  ...sandbox,
};
