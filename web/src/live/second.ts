import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { fleet } from './fleet.ts';

const now = signal(fleet.nowMs());

/** The server's clock, in steps of a second: what tells an age reads it and is drawn again as the age grows. It stands still in a page that was written to a file. */
export const second: ReadonlySignal<number> = now;

/** Sets the steps going; the result stops them. Nobody sees them in a hidden tab. */
export function startSeconds(): () => void {
  const step = (): void => {
    if (!document.hidden) now.value = fleet.nowMs();
  };
  const timer = setInterval(step, 1_000);
  document.addEventListener('visibilitychange', step);
  const end = effect(() => {
    // The server's clock is known from here on, or stands still.
    void fleet.filled.value;
    void fleet.link.value;
    step();
  });
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', step);
    end();
  };
}
