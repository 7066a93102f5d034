import { describe, expect, test } from 'vitest';
import { HubProblem } from '../../../src/api/hub-problem.ts';
import { Deed } from '../../../web/src/admin/deed.ts';

describe('a deed', () => {
  test('is sent once, however often it is asked for', async () => {
    const deed = new Deed();
    const answer = Promise.withResolvers<void>();
    let sent = 0;
    const act = (): Promise<void> => {
      sent += 1;
      return answer.promise;
    };
    const first = deed.run(act);
    expect(deed.state.value).toEqual({ name: 'under-way' });
    expect(await deed.run(act)).toBe(false);
    answer.resolve();
    expect(await first).toBe(true);
    expect(sent).toBe(1);
    expect(deed.state.value).toEqual({ name: 'idle' });
  });

  test('says why it was refused, and may be tried again', async () => {
    const deed = new Deed();
    const error = new HubProblem('machine-cannot', { status: 422, detail: 'there is another lab-3' });
    expect(await deed.run(() => Promise.reject(error))).toBe(false);
    expect(deed.state.value).toEqual({ name: 'failed', reason: 'There is another lab-3.', error });
    expect(await deed.run(() => Promise.resolve())).toBe(true);
    expect(deed.state.value).toEqual({ name: 'idle' });
  });
});
