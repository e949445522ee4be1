import { CallError } from '../../app/backend.ts';

/**
 * Speaks through the host, or else with the browser's own voice, slowly.
 * @throws {CallError} `speech.unavailable` where nothing can speak
 */
export async function readAloud(text: string): Promise<void> {
  if (window.portfolio.readAloud) return window.portfolio.readAloud(text);
  if (!('speechSynthesis' in window)) throw unavailable();
  const speech = new SpeechSynthesisUtterance(text);
  speech.lang = 'en-US';
  speech.rate = 0.6;
  await new Promise<void>((resolve, reject) => {
    speech.onend = () => resolve();
    speech.onerror = () => reject(unavailable());
    window.speechSynthesis.cancel();
    window.speechSynthesis.speak(speech);
  });
}

const unavailable = () => new CallError({ code: 'speech.unavailable', message: '這台電腦沒有語音，請換一張驗證碼再試。' });
