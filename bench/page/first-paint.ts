import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { Figure } from '../figure.ts';
import { startLoad } from '../load.ts';
import type { MeasureOptions } from '../measure.ts';
import { dataDirOf, startOurServer } from '../servers.ts';
import type { OpenedBrowser } from './opened-browser.ts';
import { OpenedPage, watchMsMax } from './opened-page.ts';

const units = 100;
/** One of each kind. */
const readingsARound = 4;
/** That many fill the window but for some. */
const lines = 20;

/** Resolves with when the lines were in the page, milliseconds since the navigation began. */
const watch = `window.benchFilled = new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error('the fleet was not there within ${watchMsMax / 1_000} s')), ${watchMsMax});
  const observer = new MutationObserver(() => {
    if (document.querySelectorAll('.fleet-line').length < ${lines}) return;
    observer.disconnect();
    resolve(performance.now());
  });
  observer.observe(document, { childList: true, subtree: true });
});`;

/** How long it takes from nothing to the fleet, and how much of it is JavaScript. */
export async function measureFirstPaint(
  browser: OpenedBrowser,
  { programs, folder, quick, say }: MeasureOptions,
): Promise<readonly Figure[]> {
  say(`page: first paint of ${units} units`);
  await using server = await startOurServer(programs, { dataDir: dataDirOf(folder, 'page', 'first') });
  using load = await startLoad(server.port, { connections: units, readingsASend: readingsARound });
  await load.open({ perSecond: units, seconds: 1 });
  const filled: number[] = [];
  const painted: number[] = [];
  for (let run = 0; run < (quick ? 3 : 15); run += 1) {
    await using opened = await OpenedPage.open(browser, { script: watch });
    await opened.page.goto(`http://127.0.0.1:${server.httpPort}/`);
    filled.push(Number(await opened.page.evaluate('window.benchFilled')));
    painted.push(
      Number(await opened.page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0].startTime`)),
    );
  }
  return [
    { name: `page, ${units} units: until ${lines} lines are there`, unit: 'ms', runs: filled, limit: 1_000 },
    { name: `page, ${units} units: first contentful paint`, unit: 'ms', runs: painted },
    { name: 'page: its JavaScript, compressed', unit: 'bytes', runs: [scriptBytes(programs.page)], limit: 120_000 },
  ];
}

/** Of all scripts of the page in this folder, as the server sends them: brotli. */
function scriptBytes(page: string): number {
  const assets = join(page, 'assets');
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  return scripts.reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(assets, name))).length, 0);
}
