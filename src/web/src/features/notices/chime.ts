const PAUSE = 2_000;
const LOUDNESS = 0.07;

let context: AudioContext | null = null;
let silentUntil = 0;

/** Two soft notes, and no more of them until a pause has passed. */
export function chime(): void {
  const now = performance.now();
  // A page that nobody has touched yet may make no sound: the browser would only complain.
  if (now < silentUntil || navigator.userActivation?.hasBeenActive === false) return;
  silentUntil = now + PAUSE;
  context ??= new AudioContext();
  void context.resume();
  play(context, 659.25, 0);
  play(context, 987.77, 0.11);
}

function play(audio: AudioContext, hertz: number, delay: number): void {
  const start = audio.currentTime + delay;
  const tone = new OscillatorNode(audio, { frequency: hertz });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.45);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.5);
}
