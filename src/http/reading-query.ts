import type { Query } from '../store/contract.ts';
import type { AnswerFormat } from './answer-form.ts';
import { parseInstant } from './instant.ts';
import type { Fault } from './problem.ts';
import { parseStep } from './step-length.ts';

/** What `GET units/{id}/readings` is asked, as it stands in its query; the schema has seen to its names. */
export interface ReadingQuery {
  readonly sensor?: string;
  readonly id?: string;
  readonly from?: string;
  readonly to?: string;
  readonly step?: string;
  readonly format?: AnswerFormat;
}

/** The query for the store; with `stepMs` one in steps. */
export type AskedQuery = Query & { readonly stepMs?: number };

/** protocol 4 */
const sensorName = /^[a-z][a-z0-9_]{0,31}$/;

/** The query for the store; a list of faults where it cannot be one. Without `from` or `to` the range is open at that end. */
export function storeQuery(
  clientId: string,
  { sensor, id, from, to, step }: ReadingQuery,
): AskedQuery | readonly Fault[] {
  const faults: Fault[] = [];
  if (sensor !== undefined && !sensorName.test(sensor)) {
    faults.push({ detail: 'sensor is no name of a sensor; cpu_temp is one', parameter: 'sensor' });
  }
  const fromMs = bound('from', from, faults) ?? Number.NEGATIVE_INFINITY;
  const toMs = bound('to', to, faults) ?? Number.POSITIVE_INFINITY;
  if (fromMs >= toMs) {
    faults.push({ detail: `from is not before to: ${from} is the beginning, ${to} the end`, parameter: 'from' });
  }
  const length = step === undefined ? undefined : parseStep(step);
  if (length?.ok === false) faults.push({ detail: `step ${length.fault}`, parameter: 'step' });
  if (faults.length > 0) return faults;
  return {
    clientId,
    ...(sensor !== undefined && { sensor }),
    ...(id !== undefined && { id }),
    fromMs,
    toMs,
    ...(length?.ok === true && { stepMs: length.ms }),
  };
}

function bound(parameter: 'from' | 'to', text: string | undefined, faults: Fault[]): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseInstant(text);
  if (ms === undefined) {
    const form = '2026-11-21T10:00:00Z, 2026-11-21T11:00:00%2B01:00 or 1795255200000';
    faults.push({ detail: `${parameter} is no time; it is written for example ${form}`, parameter });
  }
  return ms;
}
