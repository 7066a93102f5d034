import { setTimeout } from 'node:timers/promises';
import type { FleetSnapshot } from '../../../api/contract.ts';
import { CodedError } from '../../../core/coded-error.ts';
import type { ApiClient } from '../api-client.ts';
import { painter } from '../colour.ts';
import type { TopCommand } from '../command.ts';
import type { Output } from '../output.ts';
import type { Patience } from '../patience.ts';
import { printableJson } from '../printable-json.ts';
import type { Terminal } from '../terminal.ts';
import { FullScreen } from './full-screen.ts';
import { shownRows } from './top-state.ts';
import { topTable } from './top-table.ts';

export interface TopOptions {
  readonly patience: Patience;
  /** Undefined where there is none that could be filled. */
  readonly terminal: () => Terminal | undefined;
}

/** `telemetryctl top`: the fleet as it changes, on the whole terminal; without one a table now and then. */
export async function showTop(api: ApiClient, output: Output, command: TopCommand, options: TopOptions): Promise<0> {
  const terminal = command.once || command.json ? undefined : options.terminal();
  if (terminal === undefined) await showTables(api, output, command);
  else await new FullScreen(api, output, { command, patience: options.patience, terminal }).run();
  return 0;
}

/** Ends with the user. Throws where the first table does not come about, and goes on after that, whatever becomes of the server. */
async function showTables(api: ApiClient, output: Output, command: TopCommand): Promise<void> {
  const { ended } = output;
  for (let count = 0; ;) {
    try {
      const text = await tableOf(api, command, { isFirst: count === 0, colour: output.colour });
      if (text === undefined)
        output.say('no unit has registered yet; start telemetry-client --server HOST on a machine.');
      else await output.print(text);
      count += 1;
    } catch (error) {
      if (count === 0 || ended.aborted || !(error instanceof CodedError)) throw error;
      output.say(`${error.message} Trying again.`);
    }
    if (command.once || ended.aborted) return;
    // Ended meanwhile is ended.
    await setTimeout(command.everyMs, undefined, { signal: ended }).catch(() => undefined);
    if (ended.aborted) return;
  }
}

/** The fleet as it is now, as a table or a line of JSON; undefined where it has no units for a table. */
async function tableOf(
  api: ApiClient,
  command: TopCommand,
  { isFirst, colour }: { readonly isFirst: boolean; readonly colour: boolean },
): Promise<string | undefined> {
  const { raw } = await api.get('api/v1/fleet', ({ fleet }) => fleet);
  // The schema has looked at it.
  const { units, time } = raw as FleetSnapshot;
  const rows = shownRows(units, command, time);
  if (command.json) return `${printableJson({ time, units: rows })}\n`;
  if (units.length === 0) return undefined;
  return `${isFirst ? '' : '\n'}${topTable(rows, time, painter(colour)).join('\n')}\n`;
}
