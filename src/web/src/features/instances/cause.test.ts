import { expect, test } from "vitest";
import { newInstance } from "@/chat/testing/fake-server";
import type { Instance } from "@/chat/types";
import { causeOf } from "./cause";

const cause = (state: Instance["state"], state_code: string | null, alarm: string | null) =>
  causeOf({
    ...newInstance("i1"),
    gateway: "evolution",
    state,
    state_code,
    alarm: alarm === null ? null : { code: alarm, since: "2026-11-20T10:00:00Z" },
  });

test("a number says what is wrong now, whatever was raised before", () => {
  expect(cause("unreachable", "instance_silent", "instance_closed")).toBe(
    "instances.cause.instance_silent",
  );
  expect(cause("refused", "gateway_key_refused", "instance_refused")).toBe(
    "instances.cause.gateway_key_refused",
  );
});

test("what corrects a refused key is called by its gateway’s name of it", () => {
  const refused = {
    ...newInstance("i1"),
    state: "refused",
    state_code: "gateway_key_refused",
  } as const;
  expect(causeOf({ ...refused, gateway: "evolution" })).toBe("instances.cause.gateway_key_refused");
  expect(causeOf({ ...refused, gateway: "cloud" })).toBe("cloud.keyRefused");
});

test("a number that connects again was refused before", () => {
  expect(cause("connecting", null, "instance_refused")).toBeNull();
  expect(cause("connecting", null, "instance_silent")).toBeNull();
});

test("a number that connects for long still lacks its phone", () => {
  expect(cause("connecting", null, "instance_closed")).toBe("instances.cause.instance_closed");
});

test("a connected number that hears nothing is deaf", () => {
  expect(cause("open", null, "instance_silent")).toBe("instances.deaf");
  expect(cause("open", null, null)).toBeNull();
});
