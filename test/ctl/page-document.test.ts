import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { pageDocument } from '../../src/app/ctl/page-document.ts';
import type { PageSnapshot } from '../../src/api/page-snapshot.ts';
import { fleetRow, nowMs } from '../api/fleet-row.ts';

const hostile = '</script><script>alert(1)</script><!--\u2028';
const snapshot: PageSnapshot = {
  made: nowMs,
  server: '127.0.0.1:8080',
  fleet: { time: nowMs, units: [fleetRow({ name: hostile })] },
  trails: { from: 0, step: 60, units: {} },
};
const parts = { script: "const a = '</script>', b = '<!--';\nconst c = 1 < 2;", style: 'body { margin: 0 }' };
const page = pageDocument(parts, snapshot);

function inside(pattern: RegExp): string {
  const [, text = ''] = pattern.exec(page) ?? [];
  return text;
}

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

test('a name that a unit chose is data, whatever it is called', () => {
  const data = inside(/<script type="application\/json" id="snapshot">(.*?)<\/script>/s);
  expect(JSON.parse(data)).toEqual(snapshot);
  expect(page.match(/<script/g)).toHaveLength(2);
});

test('the script is the same script, in a form that ends nowhere but at its end', () => {
  const script = inside(/<script type="module">(.*?)<\/script>\n<\/body>/s);
  expect(script).not.toMatch(/<\/script|<!--/i);
  expect(runInNewContext(`${script} JSON.stringify([a, b, c]);`)).toBe(JSON.stringify(['</script>', '<!--', true]));
});

test('its policy lets run and look like that, and nothing else, and nothing is loaded', () => {
  const policy = inside(/http-equiv="content-security-policy" content="([^"]*)"/);
  expect(policy).toContain(`script-src ${hash(inside(/<script type="module">(.*?)<\/script>\n<\/body>/s))};`);
  expect(policy).toContain(`style-src ${hash(parts.style)};`);
  expect(policy).toMatch(/^default-src 'none';/);
  expect(page).not.toMatch(/(?:src|href)=/);
});
