import { expect, test } from 'vitest';

import { startDaemon } from '../program.ts';
import { exampleText } from './example-file.ts';

const service = exampleText('windows/telemetry-client.xml').replaceAll(/<!--[\s\S]*?-->/g, '');

function element(name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(service)?.[1] ?? '';
}

test('the Windows service starts the client with a command line that it takes', async () => {
  const words = [...element('arguments').matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
  expect(words[0]).toBe(String.raw`%BASE%\node_modules\telemetry-hub\dist\bin\telemetry-client.js`);
  const [, variable, value] = /<env name="(\w+)" value="([^"]+)"/.exec(service) ?? [];
  expect(variable).toBe('TELEMETRY_SERVER');
  const environment = { TELEMETRY_SERVER: value ?? '' };
  await using program = startDaemon('telemetry-client', ['config', 'check', ...words.slice(1)], environment);
  expect(await program.ended, program.errors()).toEqual({ code: 0, signal: null });
});

test('the Windows service starts late, starts again after failures, and waits for the client to leave', () => {
  expect(service).toContain('<delayedAutoStart/>');
  expect(service.match(/<onfailure action="restart"/g)).toHaveLength(3);
  expect(Number(/^(\d+) sec$/.exec(element('stoptimeout'))?.[1])).toBeGreaterThan(25);
});
