import { describe, expect, test } from 'vitest';
import { HubClient } from '../../src/api/hub-client.ts';
import { CodedError } from '../../src/core/coded-error.ts';
import { call } from './call.ts';
import { serve } from './fake-hub.ts';
import { byTest, temporaryAccess } from './temporary-access.ts';

const audit = '/api/v1/audit';

function entry(index: number): Parameters<ReturnType<typeof temporaryAccess>['record']>[0] {
  return { ...byTest, action: 'interval-set', target: `unit-${index}`, details: { seconds: index } };
}

describe('the audit log', () => {
  test('is shown from its newest lines, oldest first, as it is kept', async () => {
    using access = temporaryAccess();
    for (let index = 1; index <= 5; index += 1) access.record(entry(index));
    await using api = await serve({ access });
    const lines = await new HubClient({ url: api.url }).audit(2);
    expect(lines).toEqual(access.audit(2));
    expect(lines.map(({ number }) => number)).toEqual([4, 5]);
  });

  test('is shown with 200 lines where nobody says how many, and empty before the first', async () => {
    using access = temporaryAccess();
    await using api = await serve({ access });
    expect((await call(api.url + audit)).body).toEqual([]);
    for (let index = 1; index <= 201; index += 1) access.record(entry(index));
    const { body } = await call(api.url + audit);
    expect(body).toHaveLength(200);
    expect(body).toMatchObject({ 0: { number: 2 }, 199: { number: 201 } });
  });

  test.for(['0', '-1', '1001', '1.5', '1e3', '', 'all', '01'])('is not shown with count=%s lines', async (count) => {
    await using api = await serve();
    const { status, body } = await call(`${api.url}${audit}?count=${count}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      detail: 'count is not a whole number from 1 to 1000.',
      errors: [{ parameter: 'count' }],
    });
  });

  test.for(['1', '1000'])('is shown with count=%s lines', async (count) => {
    await using api = await serve();
    expect((await call(`${api.url}${audit}?count=${count}`)).status).toBe(200);
  });

  test('is changed by nobody: there is no method for it', async () => {
    await using api = await serve();
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      expect((await call(api.url + audit, { method })).problem).toBe('method-not-allowed');
  });

  test('that cannot be read is said so', async () => {
    using access = temporaryAccess();
    access.audit = () => {
      throw new CodedError('access-failed', 'disk gone');
    };
    await using api = await serve({ access });
    expect((await call(api.url + audit)).problem).toBe('access-unavailable');
    expect(api.logged).toMatchObject([{ event: 'access-failed', fields: { reason: 'disk gone' } }]);
  });
});
