import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import type { MeasureOptions } from '../measure.ts';
import { measureFirstPaint } from './first-paint.ts';
import { measureLiveFleet } from './live-fleet.ts';
import { OpenedBrowser } from './opened-browser.ts';
import { measureYear } from './year.ts';

/** The dashboard in the system's Chromium: what it costs and how soon it is there, and what it costs the server that somebody looks. */
export async function measurePage(options: MeasureOptions): Promise<readonly Figure[]> {
  if (!existsSync(join(options.programs.page, 'index.html'))) {
    throw new Error(`${options.programs.page} has no built page: npm run build:web`);
  }
  await using browser = await OpenedBrowser.open();
  return [
    ...(await measureFirstPaint(browser, options)),
    ...(await measureYear(browser, options)),
    ...(await measureLiveFleet(browser, options)),
  ];
}
