import { expect, test } from 'vitest';
import errorsPage from '../../../docs/errors.md?raw';
import { troubleAdvice, troubleRows } from '../../../web/src/server/trouble-advice.ts';

/** The events that docs/errors.md says a server logs as a warning or an error. */
function troublesOfServers(): readonly string[] {
  const rows = errorsPage
    .slice(errorsPage.indexOf('\n## Events'))
    .matchAll(/^\| `([a-z0-9-]+)` \| ([^|]*) \| ([^|]*) \|/gm);
  return [...rows].flatMap(([, event = '', level = '', program = '']) =>
    /warn|error/.test(level) && /server|both/.test(program) ? [event] : [],
  );
}

test('the page says what to do about each warning and error of a server that docs/errors.md has, and about no other', () => {
  expect(troublesOfServers().length).toBeGreaterThan(20);
  expect(Object.keys(troubleAdvice).toSorted()).toEqual(troublesOfServers().toSorted());
});

test('the most frequent comes first, those that are as frequent by name, and none that has not happened', () => {
  expect(troubleRows({ lost: 2, 'tls-failed': 7, late: 2, 'bad-frame': 0 }).map(({ event }) => event)).toEqual([
    'tls-failed',
    'late',
    'lost',
  ]);
});

test('an event of a later server has words as well', () => {
  expect(troubleRows({ 'of-tomorrow': 1 })).toEqual([
    { event: 'of-tomorrow', times: 1, advice: "The server's log says more." },
  ]);
});
