import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { closeOutbox, discard, openOutbox, outbox, send, tryAgain } from "./outbox";
import { newMessage } from "./testing/fake-server";
import type { Attachment } from "./types";
import type { Unsent } from "./unsent";
import { keepUnsent, unsentOf } from "./unsent-store";
import { progress } from "./uploads";

interface Posted {
  client_message_id: string;
  text?: string;
  attachment_ids?: string[];
}

/** In the order in which they came: uploads by their file's name, messages by what they have. */
let arrived: string[];
let posted: Posted[];
let uploadAnswers: number[];
/** The word of the refusal that the next message meets. */
let refusal: string | null;
let running: FakeUpload[];

/** An upload that ends when the test says so, or at once. */
class FakeUpload extends EventTarget {
  static held = false;
  readonly upload = new EventTarget();
  status = 0;
  responseText = "";
  #name = "";

  open() {}
  setRequestHeader() {}
  getResponseHeader = () => null;

  send(form: FormData) {
    this.#name = (form.get("file") as File).name;
    arrived.push(`file ${this.#name}`);
    running.push(this);
    if (!FakeUpload.held) queueMicrotask(() => this.end());
  }

  end() {
    this.status = uploadAnswers.shift() ?? 201;
    this.responseText = JSON.stringify({ id: `server-${this.#name}`, title: "No" });
    const kind = this.status === 0 ? "error" : "load";
    this.dispatchEvent(new Event(kind));
    this.dispatchEvent(new Event("loadend"));
  }

  tell(loaded: number, total: number) {
    const facts = { lengthComputable: true, loaded, total };
    this.upload.dispatchEvent(Object.assign(new Event("progress"), facts));
  }

  abort() {
    this.dispatchEvent(new Event("abort"));
    this.dispatchEvent(new Event("loadend"));
  }
}

function answer(_path: string, init: RequestInit): Promise<Response> {
  const body = JSON.parse(String(init.body)) as Posted;
  posted.push(body);
  arrived.push(body.attachment_ids?.[0] ?? `text ${body.text}`);
  if (refusal) return Promise.resolve(Response.json({ code: refusal }, { status: 409 }));
  const at = "2026-11-20T10:00:00Z";
  const message = newMessage(body.client_message_id, "c1", body.text ?? "", 1, at);
  return Promise.resolve(Response.json(message, { status: 201 }));
}

const attachmentOf = (name: string): Attachment => ({
  id: `local-${name}`,
  kind: "image",
  mime_type: "image/jpeg",
  file_name: name,
  size_bytes: 3,
  state: "ready",
  reason_code: null,
  width: 4,
  height: 3,
  duration_seconds: null,
  waveform: null,
});

function sendFile(name: string, text = ""): void {
  const file = new File(["abc"], name, { type: "image/jpeg" });
  send("c1", { text, type: "image", attachment: attachmentOf(name) }, null, file);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", answer);
  vi.stubGlobal("XMLHttpRequest", FakeUpload);
  FakeUpload.held = false;
  [arrived, posted, uploadAnswers, running] = [[], [], [], []];
  refusal = null;
  openOutbox("u1");
});

afterEach(() => {
  closeOutbox();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what comes after a file waits for it, and each file is a message", async () => {
  sendFile("a.jpg", "caption");
  sendFile("b.jpg");
  send("c1", "after");
  await vi.runAllTimersAsync();
  expect(arrived).toEqual([
    "file a.jpg",
    "server-a.jpg",
    "file b.jpg",
    "server-b.jpg",
    "text after",
  ]);
  expect(posted[0]).toMatchObject({ text: "caption", attachment_ids: ["server-a.jpg"] });
  expect(posted[1]).not.toHaveProperty("text");
  expect(outbox.get()).toEqual([]);
});

test("an upload that was cut is repeated before anything else leaves", async () => {
  uploadAnswers = [0, 503];
  sendFile("a.jpg");
  send("c1", "after");
  await vi.runAllTimersAsync();
  expect(arrived).toEqual(["file a.jpg", "file a.jpg", "file a.jpg", "server-a.jpg", "text after"]);
});

test("a file that is too large stays with its reason, and can be tried again", async () => {
  uploadAnswers = [413];
  sendFile("a.jpg");
  send("c1", "after");
  await vi.runAllTimersAsync();
  expect(outbox.get()).toMatchObject([{ error: { code: "too_large" } }]);
  expect(arrived.at(-1)).toBe("text after");
  tryAgain(outbox.get()[0]!);
  await vi.runAllTimersAsync();
  expect(arrived.at(-1)).toBe("server-a.jpg");
});

test("a file that the server refuses stays with its reason, and can be tried again", async () => {
  refusal = "window_closed";
  sendFile("a.jpg");
  await vi.runAllTimersAsync();
  expect(outbox.get()).toMatchObject([{ error: { code: "window_closed" } }]);
  refusal = null;
  tryAgain(outbox.get()[0]!);
  await vi.runAllTimersAsync();
  expect(arrived).toEqual(["file a.jpg", "server-a.jpg", "file a.jpg", "server-a.jpg"]);
  expect(outbox.get()).toEqual([]);
});

test("a file that another tab has sent is gone from here", async () => {
  refusal = "id_taken";
  sendFile("a.jpg");
  await vi.runAllTimersAsync();
  expect(outbox.get()).toEqual([]);
  expect(await unsentOf("u1")).toEqual([]);
});

test("an upload tells how far it is, and can be taken back", async () => {
  FakeUpload.held = true;
  sendFile("a.jpg");
  send("c1", "after");
  await vi.advanceTimersByTimeAsync(1000);
  const [entry] = outbox.get();
  running[0]!.tell(1, 4);
  expect(progress.get().get(entry!.client_message_id)).toBe(0.25);
  discard(entry!.client_message_id);
  await vi.runAllTimersAsync();
  expect(arrived).toEqual(["file a.jpg", "text after"]);
  expect(progress.get().size).toBe(0);
});

test("an upload that says nothing for a minute is begun again", async () => {
  FakeUpload.held = true;
  sendFile("a.jpg");
  await vi.advanceTimersByTimeAsync(50_000);
  running[0]!.tell(1, 4);
  await vi.advanceTimersByTimeAsync(50_000);
  expect(running).toHaveLength(1);

  await vi.advanceTimersByTimeAsync(20_000);

  expect(running).toHaveLength(2);
});

test("a file that no browser kept is said to be lost", async () => {
  closeOutbox();
  const left: Unsent = {
    client_message_id: "m1",
    conversation_id: "c1",
    user_id: "u1",
    text: "",
    type: "image",
    attachment: attachmentOf("a.jpg"),
    created_at: new Date().toISOString(),
    error: null,
  };
  await keepUnsent(left);
  openOutbox("u1");
  await vi.runAllTimersAsync();
  expect(outbox.get()).toMatchObject([
    { error: { code: "file_lost" }, attachment: { state: "pending" } },
  ]);
});
