import { describe, expect, test } from 'vitest';
import { explainSensors } from '../../src/sensors/explain.ts';
import { fixtureOptions, fixtureRoot, machines } from './fixture.ts';

describe('a recorded machine', () => {
  test.each(machines)('%s gives the readings and the reasons of its expected.json', async (name) => {
    const explanation = await explainSensors(await fixtureOptions(name));

    const text = JSON.stringify({ ...explanation, root: '/' }, undefined, 2).replaceAll(fixtureRoot(name), '');
    await expect(`${text}\n`).toMatchFileSnapshot(`../fixtures/${name}/expected.json`);
  });
});
