import type { OpenedBrowser } from './opened-browser.ts';
import { OpenedPage, type PageCost } from './opened-page.ts';

/** The fleet, open in a page. Leaving the block of `await using` closes it. */
export interface FleetPage extends AsyncDisposable {
  /** Rejects where nothing has changed in it since it was asked before: a page that stands still costs nothing. */
  cost(): Promise<PageCost>;
}

/** What its lines say: names, values, and spark lines. */
const linesText = `[...document.querySelectorAll('.fleet-value')].map((cell) => cell.textContent).join()`;

/** Resolves when its first lines are there. */
export async function openFleet(
  browser: OpenedBrowser,
  { httpPort, lines }: { readonly httpPort: number; readonly lines: number },
): Promise<FleetPage> {
  const opened = await OpenedPage.open(browser);
  await opened.page.goto(`http://127.0.0.1:${httpPort}/`);
  await opened.page
    .locator('.fleet-line')
    .nth(lines - 1)
    .waitFor({ state: 'attached' });
  let before: unknown;
  return {
    async cost() {
      const now: unknown = await opened.page.evaluate(linesText);
      if (now === before) throw new Error('no value in the page has changed');
      before = now;
      return opened.cost();
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
