import type { DriftReading } from './machine-drift.ts';

/** A reading that a simulated unit is about to send. */
export interface LoadReading extends DriftReading {
  /** The unit's name: letters, digits and hyphens. */
  readonly unit: string;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
}

/** How readings are sent to one kind of server: a request a reading, and an answer that says that it is kept. All of it is ASCII. */
export interface Dialect {
  /** What a connection says first; left out where it may begin at once. */
  readonly greeting?: {
    text(unit: string): string;
    /** Whether this, all that has come so far, is the whole answer. Throws where it is no welcome. */
    isAnswered(text: string): boolean;
  };
  request(reading: LoadReading): string;
  /** Whether this, all that has come since the request, is the whole answer. Throws where it is a refusal. */
  isAnswered(text: string): boolean;
}
