import type { Locator, Page } from 'playwright-core';

/** The fleet as somebody reads it: by the names of units and the words over the columns. */

/** The line of a unit. */
export function lineOf(page: Page, unit: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('link', { name: unit, exact: true }) });
}

/** What stands in the line of a unit, below a heading. */
export async function cellOf(page: Page, unit: string, heading: string): Promise<Locator> {
  await page.getByRole('columnheader').first().waitFor();
  const headings = await page.getByRole('columnheader').allTextContents();
  const index = headings.indexOf(heading);
  if (index < 0) throw new Error(`no heading ${heading} among ${headings.join(', ')}`);
  return lineOf(page, unit).getByRole('gridcell').nth(index);
}

/** The units that are in the page, from the top: of a long fleet those that are seen, and a few more. */
export async function unitsShown(page: Page): Promise<readonly string[]> {
  const links = page.getByRole('row').getByRole('link');
  const placed = await links.evaluateAll((elements) =>
    elements.map((element) => ({ name: element.textContent ?? '', top: element.getBoundingClientRect().top })),
  );
  return placed.toSorted((one, other) => one.top - other.top).map(({ name }) => name);
}

/** How many units the buttons over the fleet say to be in a state, or in `All`. */
export async function countOf(page: Page, state: string): Promise<number> {
  const text = await page.getByRole('button', { name: new RegExp(`^${state} [\\d,]+$`) }).textContent();
  return Number(text?.replace(/\D/g, ''));
}

/** Chooses units by their boxes. */
export async function choose(page: Page, ...units: readonly string[]): Promise<void> {
  for (const unit of units) await page.getByRole('checkbox', { name: `Choose ${unit}`, exact: true }).check();
}
