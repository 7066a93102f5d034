import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, assert, beforeAll, expect, vi } from 'vitest';
import { openBrowser } from './chromium.ts';
import { BrowsedHub, type HubOptions } from './hub.ts';
import { shoot } from './screenshots.ts';
import { watch, type WatchedPage } from './watched-page.ts';

/** How long anything may take to be seen: a browser, a server and their clients share what may be a busy machine. */
export const patienceMs = 30_000;
const testMsMax = 120_000;

export interface OpenOptions {
  readonly context?: BrowserContextOptions;
  /** Lines of the browser's console that this test brings about. */
  readonly expects?: readonly RegExp[];
  /** Instead of the hub's. */
  readonly origin?: string;
}

/** What the tests of a file share, the hub and the browser, and what each has of its own: pages, which have to be without fault in the end. */
export class Stage {
  readonly #options: HubOptions;
  readonly #contexts = new Set<BrowserContext>();
  readonly #watched: WatchedPage[] = [];
  #hub: BrowsedHub | undefined;
  #browser: Browser | undefined;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  get hub(): BrowsedHub {
    assert(this.#hub !== undefined, 'the hub runs between beforeAll and afterAll');
    return this.#hub;
  }

  /** A page of a new browser context, at a path of the server, `/#/wall`. */
  async open(path: string, { context = {}, ...options }: OpenOptions = {}): Promise<Page> {
    return this.openIn(await this.newContext(context), path, options);
  }

  /** A browser that has never been here: without cookies, and with nothing remembered. */
  async newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    assert(this.#browser !== undefined, 'the browser runs between beforeAll and afterAll');
    // What the page says of times and numbers is not the machine's habit.
    const settings = { locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 800 } };
    const context = await this.#browser.newContext({ ...settings, ...options });
    context.setDefaultTimeout(patienceMs);
    this.#contexts.add(context);
    return context;
  }

  async openIn(context: BrowserContext, path: string, options: Omit<OpenOptions, 'context'> = {}): Promise<Page> {
    const { origin = this.hub.url, expects = [] } = options;
    const page = await context.newPage();
    this.#watched.push(watch(page, origin, expects));
    await page.goto(`${origin}${path}`);
    return page;
  }

  async raise(): Promise<void> {
    this.#browser = await openBrowser();
    this.#hub = await BrowsedHub.start(this.#options);
  }

  /** Ends what one test had; resolves with what was wrong with its pages. `failed`: how they look is kept under this name. */
  async clear(failed: string | undefined): Promise<readonly string[]> {
    const watched = this.#watched.splice(0);
    if (failed !== undefined) {
      // A page that shows an error of the browser has no picture.
      for (const [index, { page }] of watched.entries()) await shoot(page, `${failed}-${index}`).catch(() => undefined);
    }
    for (const context of this.#contexts) await context.close();
    this.#contexts.clear();
    return watched.flatMap(({ faults }) => faults());
  }

  async strike(): Promise<void> {
    await this.#browser?.close();
    await this.#hub?.[Symbol.asyncDispose]();
  }
}

/** For the top of a test file. The options are the server's. */
export function setStage(options: HubOptions = {}): Stage {
  vi.setConfig({ testTimeout: testMsMax, hookTimeout: testMsMax });
  const stage = new Stage(options);
  beforeAll(() => stage.raise());
  afterEach(async ({ task }) => {
    const failed = task.result?.state === 'fail';
    const faults = await stage.clear(failed ? `failed-${task.name.replaceAll(/\W+/g, '-').slice(0, 60)}` : undefined);
    expect(faults).toEqual([]);
  });
  afterAll(() => stage.strike());
  return stage;
}

/** Asks again and again until what is read is as it should be: `await expectSoon(() => cell.textContent()).toBe('1 s')`. */
export function expectSoon<Value>(
  read: () => Value | Promise<Value>,
): ReturnType<typeof expect.poll<Value | Promise<Value>>> {
  return expect.poll(read, { timeout: patienceMs, interval: 100 });
}

/** Waits until it is seen. */
export function expectSeen(what: Locator): Promise<void> {
  return what.waitFor();
}
