import type { FleetRow } from '../../../src/api/contract.ts';

/** The title of the tab: what is lost first, since that is what one looks for among many tabs. */
export function titleOf(
  [first = '', second = '']: readonly string[],
  views: readonly { readonly path: string; readonly menu?: string }[],
  rows: ReadonlyMap<string, Pick<FleetRow, 'name' | 'state'>>,
): string {
  const word = first === 'units' ? rows.get(second)?.name : views.find(({ path }) => path === first)?.menu;
  let lost = 0;
  for (const { state } of rows.values()) if (state === 'lost') lost += 1;
  return [...(lost > 0 ? [`${lost} lost`] : []), ...(word === undefined ? [] : [word]), 'telemetry-hub'].join(' · ');
}
