/** Hertz and seconds: short and high is taken, long and low is refused. */
const tones = { taken: { frequency: 1318, length: 0.09 }, refused: { frequency: 220, length: 0.35 } } as const;

let audio: AudioContext | undefined;

/** A tone to scan by without looking up. Where the computer has no sound the screen still says the same. */
export function playTone(name: keyof typeof tones): void {
  audio ??= new AudioContext();
  const { frequency, length } = tones[name];
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0.2, audio.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + length);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start();
  oscillator.stop(audio.currentTime + length);
}
