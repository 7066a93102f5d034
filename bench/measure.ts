import type { Programs } from './programs.ts';

/** What each measurement is given. */
export interface MeasureOptions {
  readonly programs: Programs;
  /** A folder for what the programs under measurement write; removed at the end. */
  readonly folder: string;
  /** Fewer and shorter runs: to see whether something has changed, not to be quoted. */
  readonly quick: boolean;
  /** Tells a person how far it has got. */
  readonly say: (text: string) => void;
  /** What has to be known to read the figures; printed below the table, each sentence once. */
  readonly note: (sentence: string) => void;
}

/** Of quick runs: so few readings make short columns, which are dear. */
export const withoutBackground = 'Quick: without the background work of the store.';
