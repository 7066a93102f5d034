import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { processTimeMs } from '../process-cost.ts';
import type { OpenedBrowser } from './opened-browser.ts';

/** CPU that a page has cost since its browser was started, milliseconds. */
export interface PageCost {
  /** Tasks of its main thread: scripts, styles, layout, and what leads to painting. */
  readonly mainThread: number;
  /** All threads of the processes that draw pages, of which there is one: also what collects garbage, and makes pixels. */
  readonly renderer: number;
  /** Chromium with all of its processes: also the network, and what puts pictures together. */
  readonly browser: number;
}

/** What a script of the bench waits for in a page has failed when it has not come by then. */
export const watchMsMax = 30_000;
/** What a laptop shows, CSS pixels. */
const viewport = { width: 1_440, height: 900 };

/** A page in a context of its own: nothing is cached, no cookie is there. Leaving the block of `await using` closes it. */
export class OpenedPage implements AsyncDisposable {
  readonly page: Page;
  readonly #browser: OpenedBrowser;
  readonly #context: BrowserContext;
  readonly #tools: CDPSession;

  private constructor(
    page: Page,
    {
      browser,
      context,
      tools,
    }: { readonly browser: OpenedBrowser; readonly context: BrowserContext; readonly tools: CDPSession },
  ) {
    this.page = page;
    this.#browser = browser;
    this.#context = context;
    this.#tools = tools;
  }

  /** Blank. `script` runs in whatever is opened in it, before that runs a script of its own. */
  static async open(browser: OpenedBrowser, { script }: { readonly script?: string } = {}): Promise<OpenedPage> {
    const context = await browser.newContext(viewport);
    const page = await context.newPage();
    if (script !== undefined) await page.addInitScript({ content: script });
    const tools = await context.newCDPSession(page);
    await tools.send('Performance.enable');
    return new OpenedPage(page, { browser, context, tools });
  }

  async cost(): Promise<PageCost> {
    const { metrics } = await this.#tools.send('Performance.getMetrics');
    const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
    const processes = await this.#browser.processes();
    const timeOf = (some: typeof processes): number => some.reduce((sum, { pid }) => sum + processTimeMs(pid), 0);
    return {
      mainThread: seconds * 1_000,
      renderer: timeOf(processes.filter(({ type }) => type === 'renderer')),
      browser: timeOf(processes),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }
}
