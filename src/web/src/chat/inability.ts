import type { Key } from "@/lib/i18n";
import type { Instance } from "./types";

/** Why a number can't do what isn't among its abilities. */
export const inabilityOf = ({ gateway }: Instance): Key =>
  gateway === "cloud" ? "why.cloud" : "why.gateway";
