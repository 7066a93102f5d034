import type { Page } from 'playwright-core';

/** What is wrong with a page, whatever its test looks at: errors in the console or of scripts, and requests to anybody but `origin`, a server or the address of a file. */
export interface WatchedPage {
  readonly page: Page;
  readonly faults: () => readonly string[];
}

/** `expects`: what a test does on purpose that the browser puts into the console, such as a server that is away. */
export function watch(page: Page, origin: string, expects: readonly RegExp[]): WatchedPage {
  const faults: string[] = [];
  page.on('console', (message) => {
    const line = `${message.text()} ${message.location().url}`;
    if (message.type() === 'error' && !expects.some((pattern) => pattern.test(line))) faults.push(`console: ${line}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (url !== origin && !url.startsWith(`${origin}/`) && !/^(?:blob|data):/.test(url)) faults.push(`request: ${url}`);
  });
  return { page, faults: () => faults };
}
