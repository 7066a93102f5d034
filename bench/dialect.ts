import type { LoadKey } from './load-key.ts';
import type { DriftReading } from './machine-drift.ts';

/** A reading that a simulated unit is about to send. */
export interface LoadReading extends DriftReading {
  /** The unit's name: letters, digits and hyphens. */
  readonly unit: string;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
}

/** A connection on which a unit has said its greeting. */
export interface Greeted {
  readonly greeting: string;
  /** Of the connection (protocol 6). */
  readonly binding: string;
  readonly key: LoadKey;
}

/** How readings are sent to one kind of server: a request a reading, and an answer that says that it is kept. All of it is ASCII. */
export interface Dialect {
  /** What a connection says first; left out where it may begin at once. */
  readonly greeting?: {
    text(unit: string): string;
    /** The answer to a server that asks who it is; undefined where this, all that has come so far, is not the whole of that question. */
    proof?(text: string, greeted: Greeted): string | undefined;
    /** Whether this, all that has come so far, is the whole answer. Throws where it is no welcome. */
    isAnswered(text: string): boolean;
  };
  request(reading: LoadReading): string;
  /** Whether this, all that has come since so many requests went out together, is the whole of their answers. Throws where one is a refusal. */
  isAnswered(text: string, requests: number): boolean;
}
