/** The four quantities that the overview shows of each unit, in the order of its columns. */
export const kinds = ['cpu_temp', 'ram', 'disk', 'cpu'] as const;
export type Kind = (typeof kinds)[number];

/** How much a value asks to be looked at. */
export type Level = 'fine' | 'high' | 'critical';

interface Scale {
  readonly highFrom: number;
  readonly criticalFrom: number;
  readonly high: string;
  readonly critical: string;
  /** What a spark line and a rank call empty and full. */
  readonly low: number;
  readonly top: number;
}

/**
 * Degrees Celsius for `cpu_temp`, ratios for the others. Processors slow themselves down from some 95 °C on, and most makers call 80 °C the end of what is usual under load; file systems
 * become slow and programs fail over the last twentieth. They colour what is shown; nobody is woken by them.
 */
const scales: Readonly<Record<Kind, Scale>> = {
  cpu_temp: { highFrom: 80, criticalFrom: 90, high: 'hot', critical: 'very hot', low: 20, top: 100 },
  ram: { highFrom: 0.85, criticalFrom: 0.95, high: 'high', critical: 'nearly all in use', low: 0, top: 1 },
  disk: { highFrom: 0.85, criticalFrom: 0.95, high: 'filling up', critical: 'nearly full', low: 0, top: 1 },
  cpu: { highFrom: 0.85, criticalFrom: 0.97, high: 'busy', critical: 'fully busy', low: 0, top: 1 },
};

export function levelOf(kind: Kind, value: number): Level {
  const { highFrom, criticalFrom } = scales[kind];
  if (value >= criticalFrom) return 'critical';
  return value >= highFrom ? 'high' : 'fine';
}

/** The level in a word: what a colour says to those who see it. */
export function wordOf(kind: Kind, level: Level): string {
  return level === 'fine' ? 'fine' : scales[kind][level];
}

/** Where a value lies between empty and full: 0 to 1. */
export function shareOf(kind: Kind, value: number): number {
  const { low, top } = scales[kind];
  return Math.min(1, Math.max(0, (value - low) / (top - low)));
}

/** How near a value is to what asks to be looked at: 1 where `high` begins, 2 where `critical` does. Comparable between kinds. */
export function urgencyOf(kind: Kind, value: number): number {
  const { highFrom, criticalFrom, low } = scales[kind];
  if (value < highFrom) return Math.max(0, (value - low) / (highFrom - low));
  return 1 + (value - highFrom) / (criticalFrom - highFrom);
}
