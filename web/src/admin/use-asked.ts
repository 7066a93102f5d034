import { useEffect, useState } from 'preact/hooks';
import { Asked } from './asked.ts';

/** Asks when the view is opened, whenever it is looked at again, and, with `everyMs`, as often while it is looked at. Ends with the view. */
export function useAsked<Value>(load: (signal: AbortSignal) => Promise<Value>, everyMs?: number): Asked<Value> {
  const [asked] = useState(() => new Asked({ load, nowMs: Date.now }));
  useEffect(() => {
    const look = (): void => {
      if (!document.hidden) void asked.refresh();
    };
    void asked.refresh();
    const timer = everyMs === undefined ? undefined : setInterval(look, everyMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      asked.end();
    };
  }, [asked, everyMs]);
  return asked;
}
