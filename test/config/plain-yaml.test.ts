import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { checkedYaml } from '../../src/config/checked-yaml.ts';
import { clientProgram } from '../../src/config/client-program.ts';
import { entriesIfRight } from '../../src/config/file-entries.ts';
import { plainYaml } from '../../src/config/plain-yaml.ts';
import { serverProgram } from '../../src/config/server-program.ts';

const place = { resolvePath: (path: string) => path };
const programs = [serverProgram, clientProgram];

/** Values by key, as the YAML library reads them; undefined for what it has something against. */
function byLibrary(text: string): unknown {
  const document = parseDocument(text, { stringKeys: true, logLevel: 'silent' });
  if (document.errors.length > 0 || document.warnings.length > 0) return undefined;
  const root: unknown = document.toJS();
  return flat(root, '');
}

function flat(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return key === '' && value === null ? [] : [[key, value]];
  return Object.entries(value).flatMap(([name, member]) => flat(member, key === '' ? name : `${key}.${name}`));
}

const scalar = fc.oneof(
  fc.constantFrom(
    'info',
    'off',
    'true',
    'false',
    'null',
    'Null',
    '~',
    '10',
    '0.5',
    '007',
    '0x1f',
    '0o17',
    '1e3',
    '.5',
    '5.',
    '.inf',
    '.nan',
    '-1',
    '+1',
    '1_000',
    '0',
    '00',
    '10MiB',
  ),
  fc.constantFrom(
    'tcp://[::]:34567',
    '127.0.0.1:8080',
    '[::1]:80',
    'a.b',
    './x',
    '../x',
    '/a b',
    'C:\\x',
    'a:',
    'a: b',
    'a #b',
    'a#b',
    '#a',
    '"a"',
    "'a'",
    '"a\\n"',
    "'it''s'",
    '"a',
    "a'",
    '{}',
    '[]',
    '[a, b]',
    '{a: b}',
  ),
  fc.constantFrom(
    '2026-01-01',
    '1:30',
    '0b1',
    'ffx',
    '0xg',
    '1n',
    'yes',
    'No',
    '-',
    '- a',
    '? a',
    '|',
    '>',
    '&a',
    '*a',
    '!a',
    '%a',
    '@a',
    '`a',
    ',a',
    'a,',
    '""',
    "''",
    '1.2.3',
    '1.',
    'e1',
    '1e',
    '1E5',
    'NaN',
    'Infinity',
    '9007199254740993',
    '1234567890123456',
  ),
  fc.string({ maxLength: 6 }),
);
const indent = fc.constantFrom('', '', '', ' ', '  ', '  ', '   ', '    ', '\t');
const key = fc.constantFrom(
  'listen',
  'http',
  'interval',
  'log',
  'level',
  'log.level',
  'http.login',
  'file',
  'udp',
  'port',
  'sensors',
  'source',
  'name',
  'server',
  'null',
  'true',
  'a b',
  'A',
);
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        indent,
        key,
        fc.constantFrom(': ', ': ', ':  ', ':', ' : '),
        scalar,
        fc.constantFrom('', '', ' # c', '# c', ' '),
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(indent, key, fc.constantFrom(':', ':', ': ', ': # c', ':#c')).map((parts) => parts.join('')),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(indent, fc.constantFrom('- ', '- ', '-  ', '-'), scalar).map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '  ', '# c', '   # c', '---', '...', '%YAML 1.1', '\uFEFF', '\r', ' word'),
  },
);
const text = fc
  .tuple(fc.array(line, { maxLength: 7 }), fc.constantFrom('\n', '\n', '\r\n'))
  .map(([lines, end]) => lines.map((each) => each + end).join(''));

test('what is read without the YAML library is what the library reads', () => {
  let read = 0;
  fc.assert(
    fc.property(text, (yaml) => {
      const plain = plainYaml(yaml);
      if (plain === undefined) return;
      read += 1;
      expect(new Set(plain.map(({ key }) => key)).size).toBe(plain.length);
      expect(plain.map(({ key, value }) => [key, value])).toEqual(byLibrary(yaml));
    }),
    { numRuns: 4000 },
  );
  expect(read).toBeGreaterThan(100);
});

/** A file that is mostly right: settings with their examples or with something else. */
const settingLine = (program: (typeof programs)[number]) =>
  fc.tuple(fc.constantFrom(...Object.values(program.settings)), fc.boolean(), scalar).map(([setting, right, other]) => {
    const [name = '', group] = setting.key.split('.').toReversed();
    const value = right ? String(setting.kind.list ? '\n  - tcp://[::]:1' : setting.example) : other;
    return group === undefined ? `${name}: ${value}\n` : `${group}:\n  ${name}: ${value}\n`;
  });

test.each(programs)('a file for $name that is taken without zod is taken with it, and says the same', (program) => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(settingLine(program), { maxLength: 3 }), (lines) => {
      const yaml = lines.join('');
      const plain = plainYaml(yaml);
      const fast = plain === undefined ? undefined : entriesIfRight(plain, program.settings, place);
      if (fast === undefined) return;
      taken += 1;
      expect(checkedYaml(yaml, { file: 'f', settings: program.settings, place })).toEqual(fast);
    }),
    { numRuns: 1500 },
  );
  expect(taken).toBeGreaterThan(100);
});

test.each([
  'a: &b c',
  'a: *b',
  'a: [b]',
  'a: {b: c}',
  'a: |\n  b',
  'a: "\\n"',
  "a: 'b''c'",
  'a:\n',
  'a: ä',
  '---\na: b',
  'a:\n  b:\n    c: d',
  'a: b\na: c',
  'a: 0x1',
  'a: null',
  'a:\tb',
])('%j is left to the library', (yaml) => {
  const plain = plainYaml(yaml);
  const right = plain === undefined ? undefined : entriesIfRight(plain, serverProgram.settings, place);
  expect(right).toBeUndefined();
});

test('a list may stand at its key or below it, and no key is three deep', () => {
  const listen = [{ key: 'listen', value: ['a', 'b'], line: 1 }];
  expect(plainYaml('listen:\n- a\n- b\n')).toEqual(listen);
  expect(plainYaml('listen:\n    - a\n    - b\n')).toEqual(listen);
  expect(plainYaml('a:\n  b:\n    c: d\n')).toBeUndefined();
});

test('a key in its group and the same key written out are left to the library, each alone is not', () => {
  expect(plainYaml('log.level: info\n')).toEqual([{ key: 'log.level', value: 'info', line: 1 }]);
  expect(plainYaml('log:\n  level: debug\n')).toEqual([{ key: 'log.level', value: 'debug', line: 2 }]);
  expect(plainYaml('log.level: info\nlog:\n  level: debug\n')).toBeUndefined();
});
