import { afterAll, describe, expect, test } from 'vitest';
import { checkoutPath, readCheckout, sourcesOf } from './checkout.ts';
import { cycleFaults } from './cycles.ts';
import { importTableFaults } from './import-table.ts';
import { lengthFaults, nameFaults } from './layout.ts';
import { machinePathFaults } from './machine-paths.ts';
import { openParser } from './parsed-source.ts';
import { pluginFaults, pluginsOf } from './plugins.ts';
import { processFaults } from './process-use.ts';
import { clockFaults, purityFaults } from './purity.ts';
import { webImportFaults, webSourcesOf } from './web-imports.ts';

const texts = readCheckout();
const sources = sourcesOf(texts);
const webSources = webSourcesOf(texts);
const parser = openParser();
afterAll(() => parser[Symbol.dispose]());
const parsed = parser.parse(sources);

describe('this checkout', () => {
  test('is what the rules look at', () => {
    expect(sources.has('src/core/reading.ts')).toBe(true);
    expect(parsed).toHaveLength(sources.size);
    expect(webSources.has('web/src/main.tsx')).toBe(true);
    expect(texts.has('test/architecture/architecture.test.ts')).toBe(true);
  });

  test('holds the import table', () => expect(importTableFaults(parsed)).toEqual([]));
  test('has no files that import each other around', () => expect(cycleFaults(parsed)).toEqual([]));
  test('has no plugin that imports another one', () => expect(pluginFaults(parsed)).toEqual([]));
  test('keeps the world out of its pure folders', () => expect(purityFaults(parsed)).toEqual([]));
  test('only declares in core/clock.ts', () => expect(clockFaults(parsed)).toEqual([]));
  test('touches process in src/bin alone', () => expect(processFaults(parsed)).toEqual([]));
  test('has no source that is too long', () => expect(lengthFaults(new Map([...sources, ...webSources]))).toEqual([]));
  test('has a dashboard that knows the API and nothing else of the server', () =>
    expect(webImportFaults(webSources)).toEqual([]));
  test('has no file whose name says nothing', () => expect(nameFaults(texts)).toEqual([]));
  test('names no place of one machine', () => expect(machinePathFaults(texts, checkoutPath)).toEqual([]));
  test('has sensors that the rule on plugins sees', () =>
    expect(pluginsOf(parsed)).toContain('src/sensors/linux/disk.ts'));
});
