import type { Clock } from '../core/clock.ts';

/** The outcome, or `late` where it takes longer than `answerMsMax`. (fastify's own handlerTimeout ends when the body has been read, which is before the wait.) */
export async function inTime<Outcome>(
  outcome: Promise<Outcome>,
  clock: Clock,
  answerMsMax: number,
): Promise<Outcome | { readonly type: 'late' }> {
  const late = Promise.withResolvers<{ readonly type: 'late' }>();
  const cancel = clock.after(answerMsMax, () => late.resolve({ type: 'late' }));
  try {
    return await Promise.race([outcome, late.promise]);
  } finally {
    cancel();
  }
}
