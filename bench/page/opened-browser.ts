import type { Browser, BrowserContext } from 'playwright-core';

export interface BrowserProcess {
  /** `browser`, `renderer`, `GPU`, `utility` … */
  readonly type: string;
  readonly pid: number;
}

/** The system's Chromium, without a window. Leaving the block of `await using` ends it. */
export class OpenedBrowser implements AsyncDisposable {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async open(): Promise<OpenedBrowser> {
    // Loaded, and installed where it is missing, only where it is asked for.
    const { openBrowser } = await import('../../test/browser/chromium.ts');
    return new OpenedBrowser(await openBrowser());
  }

  newContext(viewport: { readonly width: number; readonly height: number }): Promise<BrowserContext> {
    return this.#browser.newContext({ viewport });
  }

  async processes(): Promise<readonly BrowserProcess[]> {
    const tools = await this.#browser.newBrowserCDPSession();
    const { processInfo } = await tools.send('SystemInfo.getProcessInfo');
    await tools.detach();
    return processInfo.map(({ type, id }) => ({ type, pid: id }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}
