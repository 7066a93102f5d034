import { chromium, type Browser } from 'playwright-core';
import { debianTool } from '../debian-tool.ts';

/** Chromium asks hosts of its maker for this and that unless it is told not to. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

/** The system's Chromium, without a window. */
export function openBrowser(): Promise<Browser> {
  const executablePath = debianTool({
    names: ['chromium', 'chromium-browser', 'google-chrome'],
    packageName: 'chromium',
  });
  return chromium.launch({ executablePath, args: quiet });
}
