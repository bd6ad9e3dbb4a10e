import { createStore, sharedStore } from "./external-store";
import { startOfDay } from "./dates";

const today = createStore(startOfDay(new Date()));

// Asked each minute rather than timed to midnight: a laptop sleeps through timers.
setInterval(() => today.set(startOfDay(new Date())), 60_000);

/** The start of today, within a Dated: pages left open overnight turn "today" into "yesterday". */
export const [Dated, useToday] = sharedStore(today);
