import { join } from 'node:path';
import { compactStore } from '../compact-store.ts';
import type { Figure } from '../figure.ts';
import { fillStore } from '../filled-store.ts';
import type { MeasureOptions } from '../measure.ts';
import { dataDirOf, startOurServer } from '../servers.ts';
import type { OpenedBrowser } from './opened-browser.ts';
import { OpenedPage, watchMsMax } from './opened-page.ts';

const dayMs = 86_400_000;
const days = 365;
/** One whose series is memory, one with a disk, one with a processor: 3 or 4 values. */
const units = 3;
const stepMs = { quick: 3_600_000, full: 60_000 };

/**
 * Resolves when each chart has been drawn, and the frame with them is through, with marks of when the last byte of the history had come and of now. What is drawn on a canvas is heard of
 * where it is drawn, so that the page need not tell.
 */
const watch = `window.benchDrawn = new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error('the charts were not drawn within ${watchMsMax / 1_000} s')), ${watchMsMax});
  const drawn = new Set();
  let isAsked = false;
  const look = () => {
    isAsked = false;
    const canvases = [...document.querySelectorAll('.unit-plot canvas')];
    const history = performance.getEntriesByType('resource').find(({ name }) => name.includes('/readings?'));
    if (history === undefined || canvases.length === 0 || !canvases.every((canvas) => drawn.has(canvas))) return;
    const arrived = performance.mark('history-arrived', { startTime: history.responseEnd });
    const ended = performance.mark('charts-drawn');
    resolve({ arrivedMs: arrived.startTime, drawnMs: ended.startTime, charts: canvases.length, address: history.name });
  };
  const { stroke } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.stroke = function (...path) {
    drawn.add(this.canvas);
    if (!isAsked) {
      isAsked = true;
      requestAnimationFrame(() => setTimeout(look));
    }
    return stroke.apply(this, path);
  };
});`;

interface Drawing {
  readonly arrivedMs: number;
  readonly drawnMs: number;
  readonly charts: number;
  /** What was asked for. */
  readonly address: string;
}

/** A year of one series in the view of its unit: until it is drawn. */
export async function measureYear(browser: OpenedBrowser, options: MeasureOptions): Promise<readonly Figure[]> {
  const { programs, folder, quick, say } = options;
  const dataDir = dataDirOf(folder, 'page', 'year');
  // Over since midnight, so that nothing of it is in the making.
  const toMs = Math.floor(Date.now() / dayMs) * dayMs;
  const fromMs = toMs - days * dayMs;
  say('page: a year of a series');
  const filled = await fillStore({
    folder: join(dataDir, 'store'),
    units,
    fromMs,
    toMs,
    stepMs: stepMs[quick ? 'quick' : 'full'],
    commitMs: dayMs,
  });
  await compactStore(programs, dataDir);
  await using server = await startOurServer(programs, { dataDir });
  const drawings: Drawing[] = [];
  for (let run = 0; run < (quick ? 3 : 15); run += 1) {
    const unit = filled[run % units];
    if (unit === undefined) break;
    const view = `#/units/${unit.clientId}?range=1y&end=${new Date(toMs).toISOString()}`;
    const drawing = await drawingOf(`http://127.0.0.1:${server.httpPort}/${view}`, browser);
    drawings.push(drawing);
  }
  return [
    {
      name: 'page, a year of one series: drawn when it has come',
      unit: 'ms',
      runs: drawings.map(({ arrivedMs, drawnMs }) => drawnMs - arrivedMs),
      limit: 200,
    },
    {
      name: 'page, a year of one series: from the navigation until it is drawn',
      unit: 'ms',
      runs: drawings.map(({ drawnMs }) => drawnMs),
    },
  ];
}

async function drawingOf(url: string, browser: OpenedBrowser): Promise<Drawing> {
  await using opened = await OpenedPage.open(browser, { script: watch });
  await opened.page.goto(url);
  return await opened.page.evaluate<Drawing>('window.benchDrawn');
}
