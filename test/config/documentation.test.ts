import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parse } from 'yaml';
import { clientProgram } from '../../src/config/client-program.ts';
import { plainYaml } from '../../src/config/plain-yaml.ts';
import { jsonSchemaOf } from '../../src/config/schema.ts';
import { serverProgram } from '../../src/config/server-program.ts';
import { exampleFile, generatedFiles } from '../../tools/generate-configuration-docs.ts';
import { client, server } from './told.ts';
import { temporaryFolder } from './temporary-file.ts';

const programs = [serverProgram, clientProgram];

test('the committed documentation and schemas are what the settings make', async () => {
  for (const [path, text] of await generatedFiles()) {
    expect(
      readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'),
      `${path} is old: node tools/generate-configuration-docs.ts`,
    ).toBe(text);
  }
});

test('the example files say every setting, each otherwise than the default', async () => {
  const cwd = temporaryFolder({ 's.yaml': exampleFile(serverProgram), 'c.yaml': exampleFile(clientProgram) });
  for (const command of [
    await server(['--config', 's.yaml'], { cwd }),
    await client(['--config', 'c.yaml'], { cwd }),
  ]) {
    const origins = command.type === 'run' ? [...command.origins.values()] : [];
    expect(origins.filter(({ source }) => source !== 'file')).toEqual([]);
    expect(origins.length).toBeGreaterThan(9);
  }
  for (const { default: fallback, kind, example } of programs.flatMap(({ settings }) => Object.values(settings))) {
    expect('value' in fallback ? kind.write(fallback.value) : undefined).not.toEqual(example);
  }
});

test.each(programs)('the example file of $name is read without the YAML library', (program) => {
  expect(plainYaml(exampleFile(program))).toHaveLength(Object.keys(program.settings).length);
});

test.each(programs)(
  'the JSON Schema of $name takes its example file and its defaults, and no unknown key or wrong type',
  (program) => {
    const schema = z.fromJSONSchema({ ...jsonSchemaOf(program.settings, 'x') });
    const example: unknown = parse(exampleFile(program));
    expect(schema.safeParse(example).error).toBeUndefined();
    expect(schema.safeParse({}).success).toBe(true);
    expect(schema.safeParse({ unknown: 1 }).success).toBe(false);
    expect(schema.safeParse({ log: { level: 'loud' } }).success).toBe(false);
    expect(schema.safeParse({ log: { files: 0 } }).success).toBe(false);
    expect(schema.safeParse({ 'log.files': 1 }).success).toBe(true);
    expect(schema.safeParse({ 'log.files': 0 }).success).toBe(false);
  },
);

test.each(programs)('each setting of $name has a sentence, and a key that makes its flag and variable', (program) => {
  for (const { key, description } of Object.values(program.settings)) {
    expect(key).toMatch(/^[a-z]+([._][a-z0-9]+)*$/);
    expect(description).toMatch(/^[A-Z].*\.$/s);
  }
});

test('the JSON Schema of the server takes an address of the API alone, with its settings beside it, or in their group', () => {
  const schema = z.fromJSONSchema({ ...jsonSchemaOf(serverProgram.settings, 'x') });
  expect(schema.safeParse({ http: 'off' }).success).toBe(true);
  expect(schema.safeParse({ http: '127.0.0.1:1', 'http.insecure': true }).success).toBe(true);
  expect(schema.safeParse({ http: { address: '127.0.0.1:1', insecure: true } }).success).toBe(true);
  expect(schema.safeParse({ http: { addres: '127.0.0.1:1' } }).success).toBe(false);
  expect(schema.safeParse({ http: { insecure: 'maybe' } }).success).toBe(false);
});
