import { useEffect } from 'preact/hooks';
import { fleet } from '../live/fleet.ts';
import type { Asked } from './asked.ts';
import { isNews } from './news.ts';

/** A fleet that comes back at once would have the server answer without end. */
const pauseMs = 2_000;

/** Asks again when the server says that something of this kind has happened; at most every two seconds. */
export function useNews<Value>(asked: Asked<Value>, beginnings: readonly string[]): void {
  const all = beginnings.join(' ');
  useEffect(() => {
    let last = fleet.events.peek().at(-1);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let askedMs = Number.NEGATIVE_INFINITY;
    const ask = (): void => {
      timer = undefined;
      askedMs = performance.now();
      void asked.ask();
    };
    const stop = fleet.events.subscribe((events) => {
      const news = isNews(events, last, all.split(' '));
      last = events.at(-1);
      if (news) timer ??= setTimeout(ask, Math.max(0, askedMs + pauseMs - performance.now()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [asked, all]);
}
