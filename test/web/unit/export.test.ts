import { describe, expect, it } from 'vitest';
import { csvOf } from '../../../web/src/unit/chart-csv.ts';
import { chosenLinesOf, isChosen, isShown, switched, wordsOfChosen } from '../../../web/src/unit/chosen-lines.ts';
import { fileName } from '../../../web/src/unit/file-name.ts';
import { tableOf, tableRowsMax } from '../../../web/src/unit/table-rows.ts';
import { lineAt } from './some-points.ts';

const span = { fromMs: 0, toMs: 20_000 };

describe('the CSV', () => {
  it('has a line for each point that is shown, under the columns of the API', () => {
    const line = lineAt([10, 20], { sensor: 'cpu_temp', id: 'coretemp/Package id 0' });
    expect(csvOf([line], { unit: 'bench-03', clientId: 'c', span })).toBe(
      'time,step,unit,client_id,sensor,id,name,min,avg,max,count\r\n' +
        '1970-01-01T00:00:10.000Z,1,bench-03,c,cpu_temp,coretemp/Package id 0,celsius,9,10,11,1\r\n',
    );
  });

  it('quotes what has commas and quotes, and lets no text be a formula or another line', () => {
    const line = lineAt([0], { id: '=HYPERLINK("x","y")\n' });
    const [, row] = csvOf([line], { unit: '@SUM(1)', clientId: '-c', span }).split('\r\n');
    expect(row).toBe(
      String.raw`1970-01-01T00:00:00.000Z,1,'@SUM(1),'-c,temp,"'=HYPERLINK(""x"",""y"")\u000a",celsius,-1,0,1,1`,
    );
  });
});

it('a file is called after the unit and the range, in characters that every file system takes', () => {
  const day = { fromMs: Date.UTC(2026, 10, 21), toMs: Date.UTC(2026, 10, 22) };
  expect(fileName('bench-03', day, 'csv')).toBe('bench-03_20261121T0000Z_20261122T0000Z.csv');
  expect(fileName('../a b:c*?"<>|/', day, 'png')).toBe('a-b-c_20261121T0000Z_20261122T0000Z.png');
  expect(fileName('..', day, 'png')).toMatch(/^unit_/);
});

describe('the table of a chart', () => {
  it('has the newest rows first, and a place for each line', () => {
    const { rows, left } = tableOf([lineAt([1, 2]), lineAt([2, 3])], span);
    expect(rows).toEqual([
      { timeMs: 3_000, values: [undefined, 3] },
      { timeMs: 2_000, values: [2, 2] },
      { timeMs: 1_000, values: [1, undefined] },
    ]);
    expect(left).toBe(0);
  });

  it('has 200 rows at the most, and says how many are left out', () => {
    const line = lineAt(Array.from({ length: 250 }, (_, second) => second));
    const { rows, left } = tableOf([line], { fromMs: 0, toMs: 1_000_000 });
    expect([rows.length, left, rows[0]?.timeMs]).toEqual([tableRowsMax, 50, 249_000]);
  });
});

describe('the lines that are shown', () => {
  const of = (series: string): ReturnType<typeof chosenLinesOf> => chosenLinesOf(new URLSearchParams({ series }));

  it('are all where the address says nothing', () => {
    expect(isShown('temp:celsius:a', of(''))).toBe(true);
    expect(wordsOfChosen(of(''))).toBe('');
  });

  it('are those of a sensor, of a value, or one, up to a colon', () => {
    expect(isShown('temp:celsius:a', of('temp'))).toBe(true);
    expect(isShown('temp:celsius:a', of('cpu,temp:celsius'))).toBe(true);
    expect(isShown('temperature:celsius', of('temp'))).toBe(false);
    expect(isChosen('ram:used', of('temp'))).toBe(false);
  });

  it('keep one that is switched off in the legend, and in the address whatever its name is', () => {
    for (const key of ['temp:celsius:a', 'temp:celsius:-a,b%2C', 'disk:used_ratio:/a b&c=d']) {
      const off = switched(key, of(''));
      expect(isShown(key, off)).toBe(false);
      expect(isChosen(key, off)).toBe(true);
      const read = of(wordsOfChosen(off));
      expect(read).toEqual(off);
      expect(switched(key, read)).toEqual(of(''));
    }
  });
});
