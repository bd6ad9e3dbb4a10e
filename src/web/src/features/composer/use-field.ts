import { useEffect, useImperativeHandle, useLayoutEffect, useRef, type Ref } from "react";

export interface ComposerHandle {
  focus(): void;
}

const TALLEST = 180;

/** The field grows with its text, and has the focus where there is a keyboard. */
export function useField(text: string, ref: Ref<ComposerHandle>) {
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }));

  useEffect(() => {
    // On a phone the focus would open the keyboard over what one came to read.
    if (matchMedia("(hover: hover) and (min-width: 760px)").matches) field.current?.focus();
  }, []);

  useLayoutEffect(() => fit(field.current), [text]);

  // A turned phone breaks the lines elsewhere.
  useEffect(() => {
    const refit = () => fit(field.current);
    window.addEventListener("resize", refit);
    return () => window.removeEventListener("resize", refit);
  }, []);

  return field;
}

function fit(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`;
}
