/** Of silence: a large file may take as long as it goes on. */
const PATIENCE = 60_000;

/** Like fetch, which can't tell how much of a body has left. */
export function postForm(
  path: string,
  form: FormData,
  headers: Record<string, string>,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const abort = () => call.abort();
    let silence: ReturnType<typeof setTimeout>;
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        reject(new TypeError("The server says nothing."));
        call.abort();
      }, PATIENCE);
    };
    signal.addEventListener("abort", abort);
    call.addEventListener("loadend", () => {
      clearTimeout(silence);
      signal.removeEventListener("abort", abort);
    });
    call.addEventListener("load", () => resolve(responseOf(call)));
    call.addEventListener("error", () => reject(new TypeError("The connection was lost.")));
    call.addEventListener("abort", () => reject(new DOMException("Aborted", "AbortError")));
    call.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      listen();
      if (lengthComputable && total > 0) onProgress(loaded / total);
    });
    call.open("POST", path);
    call.setRequestHeader("Accept", "application/json");
    for (const [name, value] of Object.entries(headers)) call.setRequestHeader(name, value);
    if (signal.aborted) reject(new DOMException("Aborted", "AbortError"));
    else {
      listen();
      call.send(form);
    }
  });
}

function responseOf(call: XMLHttpRequest): Response {
  const retryAfter = call.getResponseHeader("Retry-After");
  return new Response(call.responseText, {
    status: call.status,
    headers: retryAfter ? { "Retry-After": retryAfter } : {},
  });
}
