import { afterAll, describe, expect, test } from 'vitest';
import { cycleFaults } from './cycles.ts';
import { importTableFaults } from './import-table.ts';
import { lengthFaults, nameFaults } from './layout.ts';
import { machinePathFaults } from './machine-paths.ts';
import { openParser, type ParsedSource } from './parsed-source.ts';
import { pluginFaults } from './plugins.ts';
import { processFaults } from './process-use.ts';
import { clockFaults, purityFaults } from './purity.ts';
import { webImportFaults } from './web-imports.ts';

const parser = openParser();
afterAll(() => parser[Symbol.dispose]());

type Rule = (sources: readonly ParsedSource[]) => readonly string[];

/** What a rule finds in sources that are given by their paths. */
function faultsOf(rule: Rule, planted: Readonly<Record<string, string>>): readonly string[] {
  return rule(parser.parse(new Map(Object.entries(planted))));
}

describe('what the dashboard may import', () => {
  const faults = (specifier: string): readonly string[] =>
    webImportFaults(new Map([['web/src/unit/planted.tsx', `\nimport type { X } from '${specifier}';`]]));

  test.each(['../../../src/http/problem.ts', '../../../src/server/contract.ts', '../../../test/program.ts'])(
    'refuses %s',
    (specifier) => {
      expect(faults(specifier)).toEqual([`web/src/unit/planted.tsx: web may not import ${specifier}`]);
    },
  );

  test.each(['../../../src/api/contract.ts', '../../../src/core/csv.ts', '../hub.ts', './line.ts', 'preact'])(
    'allows %s',
    (specifier) => {
      expect(faults(specifier)).toEqual([]);
    },
  );
});

describe('the import table', () => {
  test.each([
    ['core', '../framing/frame.ts'],
    ['framing', '../session/machine.ts'],
    ['session', '../transport/tcp.ts'],
    ['sensors', '../client/schedule.ts'],
    ['sinks', '../server/contract.ts'],
    ['store', '../server/contract.ts'],
    ['config', '../sinks/line.ts'],
    ['transport', '../server/contract.ts'],
    ['client', '../sensors/list.ts'],
    ['server', '../store/sqlite/store.ts'],
    ['http', '../server/units.ts'],
    ['http', '../session/registration.ts'],
    ['http', '../access/open-access.ts'],
    ['access', '../store/contract.ts'],
    ['bin', '../sinks/line.ts'],
    ['app', '../bin/demo.ts'],
    ['app', '../../test/program.ts'],
  ])('refuses that %s imports %s', (folder, specifier) => {
    expect(
      faultsOf(importTableFaults, { [`src/${folder}/planted.ts`]: `\nimport { x } from '${specifier}';` }),
    ).toEqual([`src/${folder}/planted.ts:2: src/${folder} may not import ${specifier}`]);
  });

  test.each([
    ['session', '../core/reading.ts'],
    ['client', '../sensors/contract.ts'],
    ['http', '../server/contract.ts'],
    ['http', './problem.ts'],
    ['http', '../access/contract.ts'],
    ['transport', '../session/machine.ts'],
    ['app', '../sensors/list.ts'],
    ['bin', '../app/server.ts'],
    ['sinks', 'winston'],
  ])('allows that %s imports %s', (folder, specifier) => {
    expect(faultsOf(importTableFaults, { [`src/${folder}/planted.ts`]: `import { x } from '${specifier}';` })).toEqual(
      [],
    );
  });

  test.each([
    "import type { X } from '../server/hub.ts';",
    "export { x } from '../server/hub.ts';",
    "export * from '../server/hub.ts';",
    "export type { X } from '../server/hub.ts';",
    "import '../server/hub.ts';",
    "const hub = await import('../server/hub.ts');",
    "type X = import('../server/hub.ts').X;",
    "import hub = require('../server/hub.ts');",
    'const hub = await import(`../server/${name}.ts`);',
  ])('sees %s', (text) => {
    expect(faultsOf(importTableFaults, { 'src/sinks/planted.ts': text })).toHaveLength(1);
  });

  test('takes comments and strings for what they are', () => {
    const text = [
      "// import { x } from '../server/hub.ts';",
      "/* export * from '../server/hub.ts'; */",
      'export const a = "import x from \'../server/hub.ts\'";',
      "export const b = `import x from '../server/hub.ts'; ${1} import('../server/hub.ts')`;",
      "export const c = /import x from '..\\/server'/;",
    ].join('\n');
    expect(faultsOf(importTableFaults, { 'src/sinks/planted.ts': text })).toEqual([]);
  });

  test('refuses a folder that it does not have', () => {
    expect(faultsOf(importTableFaults, { 'src/misc/planted.ts': '' })).toHaveLength(1);
  });
});

describe('cycles', () => {
  test('are found through any number of files, through types as well, and once', () => {
    const planted = {
      'src/core/a.ts': "import { b } from './b.ts';",
      'src/core/b.ts': "import type { C } from './c.ts';",
      'src/core/c.ts': "export { a } from './a.ts';",
      'src/core/d.ts': "import './a.ts';",
    };
    expect(faultsOf(cycleFaults, planted)).toEqual([
      'src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts',
    ]);
  });

  test('are not seen where two ways lead to one file', () => {
    const planted = {
      'src/core/a.ts': "import './b.ts'; import './c.ts';",
      'src/core/b.ts': "import './d.ts';",
      'src/core/c.ts': "import './d.ts';",
      'src/core/d.ts': '',
    };
    expect(faultsOf(cycleFaults, planted)).toEqual([]);
  });
});

describe('plugins', () => {
  const ram = 'export function ram(): Sensor { return { name: "ram", read }; }';

  test('may not import each other', () => {
    const planted = {
      'src/sensors/ram.ts': ram,
      'src/sensors/cpu.ts': "import { half } from './ram.ts';\nexport const cpu: Sensor = { name: 'cpu', read: half };",
    };
    expect(faultsOf(pluginFaults, planted)).toEqual([
      'src/sensors/cpu.ts:1: a plugin may not import the plugin ./ram.ts',
    ]);
  });

  test('may import what is no plugin, and be imported by it', () => {
    const planted = {
      'src/sensors/ram.ts': `import { lines } from './lines.ts';\n${ram}`,
      'src/sensors/lines.ts': 'export function lines(text: string): string[] { return text.split("."); }',
      'src/sensors/list.ts': "import { ram } from './ram.ts';\nexport const sensors: readonly Sensor[] = [ram()];",
    };
    expect(faultsOf(pluginFaults, planted)).toEqual([]);
  });
});

describe('purity', () => {
  test.each([
    "import { readFileSync } from 'node:fs';",
    "import { z } from 'zod';",
    "import type { z } from 'zod';",
    "import fs, { type Stats } from 'node:fs';",
    'const x = process.env;',
    "console.log('x');",
    'setTimeout(() => undefined, 1);',
    'const timer = setInterval;',
    'const x = Date.now();',
    'const x = new Date();',
    'const x = new Date;',
    'const x = Date();',
    'const x = Math.random();',
    'const x = performance.now();',
    'const x = crypto.randomUUID();',
    'const x = globalThis.crypto;',
    'async function x() {}',
    'const x = async () => 1;',
    'class X { async y() {} }',
    'export const x: Promise<void> = y;',
    'const x = { process };',
    'for await (const x of y) break;',
    'const x = await y;',
    'const x = `${Date.now()}`;',
  ])('refuses %s', (text) => {
    for (const folder of ['core', 'framing', 'session']) {
      expect(faultsOf(purityFaults, { [`src/${folder}/planted.ts`]: text }).length).toBeGreaterThan(0);
    }
    expect(faultsOf(purityFaults, { 'src/transport/planted.ts': text })).toEqual([]);
  });

  test.each([
    "import type { Socket } from 'node:net';",
    "import { frame } from './frame.ts';",
    '// process.exit() and Date.now() and await',
    "const x = 'console.log(Math.random())';",
    'const x = `process.env, ${1} new Date()`;',
    'const x = new Date(5).toISOString();',
    'const x = Date.UTC(2026, 1);',
    'const x = y.process.console;',
    'type X = y.process.console;',
    'interface X { readonly crypto: string; fetch(): void }',
    "const x = { performance: 1, 'process': 2 };",
    'const { process: y } = z;',
    'const x = Math.max(1, 2);',
    'const x = /process.exit/.test(y);',
  ])('allows %s', (text) => {
    expect(faultsOf(purityFaults, { 'src/core/planted.ts': text })).toEqual([]);
  });

  test('lets core/clock.ts declare and do no more', () => {
    const declares =
      "import type { X } from './x.ts';\nexport interface Clock { wallMs(): number }\nexport type Y = X;\n";
    expect(faultsOf(clockFaults, { 'src/core/clock.ts': declares })).toEqual([]);
    expect(faultsOf(clockFaults, { 'src/core/clock.ts': `${declares}export const zero = 0;` })).toEqual([
      'src/core/clock.ts:4: core/clock.ts only declares',
    ]);
  });
});

describe('process', () => {
  test.each([
    'const x = process.argv;',
    "import process from 'node:process';",
    "import { argv } from 'node:process';",
    'const x = globalThis.process;',
    'const x = { process };',
    'export type X = typeof process;',
  ])('is refused outside of src/bin as %s', (text) => {
    expect(faultsOf(processFaults, { 'src/app/planted.ts': text }).length).toBeGreaterThan(0);
    expect(faultsOf(processFaults, { 'src/bin/planted.ts': text })).toEqual([]);
  });

  test.each([
    "import { spawn } from 'node:child_process';",
    '// process.exit()',
    'const x = y.process;',
    'type X = { process: 1 };',
  ])('is not seen in %s', (text) => expect(faultsOf(processFaults, { 'src/app/planted.ts': text })).toEqual([]));
});

describe('files', () => {
  test('of 251 lines are too long, of 250 are not', () => {
    const lines = (count: number): string => 'x;\n'.repeat(count);
    expect(lengthFaults(new Map([['src/core/a.ts', lines(250)]]))).toEqual([]);
    expect(lengthFaults(new Map([['src/core/a.ts', lines(251)]]))).toEqual(['src/core/a.ts: 251 lines; 250 is a wall']);
    expect(lengthFaults(new Map([['src/core/a.ts', `${lines(250)}x;`]]))).toHaveLength(1);
  });

  test.each([
    'src/core/utils.ts',
    'src/helpers/x.ts',
    'test/common.ts',
    'src/server/unit-manager.ts',
    'src/sinks/base.ts',
    'bench/Util.ts',
  ])('%s has a name that says nothing', (path) => expect(nameFaults(new Map([[path, '']]))).toHaveLength(1));

  test.each(['src/core/database.ts', 'docs/common.md', 'src/core/baseline.ts', 'test/fixtures/base/proc/stat'])(
    '%s has a name',
    (path) => expect(nameFaults(new Map([[path, '']]))).toEqual([]),
  );
});

describe('places of one machine', () => {
  // In pieces, so that this file does not break the rule.
  const slash = '/';
  test.each([
    `see ${slash}home/alice/notes`,
    `"${slash}Users/alice"`,
    `cd ${slash}root/checkout`,
    `(${slash}work/main/src)`,
    String.raw`C:${'\\'}Users\alice`,
    `read ..${slash}shared/notes.md`,
    'built in /builds/telemetry',
  ])('are found in: %s', (line) => {
    expect(machinePathFaults(new Map([['docs/a.md', `first\n${line}\n`]]), '/builds/telemetry')).toHaveLength(1);
  });

  test.each([
    '/var/lib/telemetry/server',
    '/home/ada/telemetry.yaml',
    '/dev/sda1 /home ext4',
    'https://example.net/home/page',
    '~/work/x',
    'src/work/x',
    '/proc/self',
  ])('are not seen in: %s', (line) =>
    expect(machinePathFaults(new Map([['docs/a.md', line]]), '/builds/telemetry')).toEqual([]),
  );
});
