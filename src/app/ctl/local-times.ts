/** How times are shown to a person: in the zone of the machine that they sit at. */
export interface LocalTimes {
  /** The name of the zone, `Europe/Berlin`. */
  readonly zone: string;
  /** Milliseconds since 1970 as `10:00`, to the second where steps are not whole minutes; with the date where the range is not within one day. */
  readonly step: (ms: number) => string;
  /** To the second. */
  readonly exact: (ms: number) => string;
  /** With its date, always. */
  readonly dated: (ms: number) => string;
}

export interface LocalTimesOptions {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** For tests: another than the machine's. */
  readonly timeZone?: string | undefined;
}

export function localTimes({ fromMs, toMs, stepMs, timeZone }: LocalTimesOptions): LocalTimes {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const dayOf = (ms: number): string => textOf(format, ms).slice(0, -9);
  const isOneDay = dayOf(fromMs) === dayOf(toMs - 1);
  const isWholeMinutes = stepMs % 60_000 === 0 && fromMs % 60_000 === 0;
  const short = (ms: number): string => {
    const text = textOf(format, ms);
    return isOneDay && dayOf(ms) === dayOf(fromMs) ? text.slice(-8) : text;
  };
  return {
    zone: format.resolvedOptions().timeZone,
    step: (ms) => (isWholeMinutes ? short(ms).replace(/:00$/, '') : short(ms)),
    exact: short,
    dated: (ms) => textOf(format, ms),
  };
}

/** `2026-11-21 10:00:00`; beyond the times that there is a date for, the number. */
function textOf(format: Intl.DateTimeFormat, ms: number): string {
  if (Number.isNaN(new Date(ms).getTime())) return String(ms);
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const day = [part('year').padStart(4, '0'), part('month'), part('day')].join('-');
  return `${day} ${part('hour')}:${part('minute')}:${part('second')}`;
}
