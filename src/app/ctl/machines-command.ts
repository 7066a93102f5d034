import { unreachable } from '../../core/assert.ts';
import type { Machine } from './api-answers.ts';
import type { ApiClient } from './api-client.ts';
import { type Colour, type Paint, painter } from './colour.ts';
import type { MachinesCommand } from './command.ts';
import { ago, shown } from './figures.ts';
import { findMachine, shortKey } from './find-machine.ts';
import type { Output } from './output.ts';
import { printableJson } from './printable-json.ts';
import { table } from './table.ts';

const columns = [
  { title: 'NAME', align: 'left' },
  { title: 'STATE', align: 'left' },
  { title: 'KEY', align: 'left' },
  { title: 'LAST SEEN', align: 'left' },
  { title: 'ADDRESS', align: 'left' },
  { title: 'TOKEN', align: 'left' },
] as const;

/** `telemetryctl machines`. */
export async function lookAfterMachines(api: ApiClient, output: Output, { task, json }: MachinesCommand): Promise<0> {
  if (task.type === 'list') return list(api, output, json);
  const before = await findMachine(api, task.name);
  const path = `api/v1/machines/${encodeURIComponent(before.client_id)}`;
  const { body, raw } =
    task.type === 'rename'
      ? await api.put(`${path}/name`, { name: task.newName }, ({ machine }) => machine)
      : await api.post(`${path}/${task.type}`, undefined, ({ machine }) => machine);
  await output.print(json ? `${printableJson(raw, 2)}\n` : changed(task, before, body));
  return 0;
}

async function list(api: ApiClient, output: Output, json: boolean): Promise<0> {
  const { body, raw, serverMs = Date.now() } = await api.get('api/v1/machines', ({ machines }) => machines);
  if (json) {
    await output.print(`${printableJson(raw, 2)}\n`);
    return 0;
  }
  const paint = painter(output.colour);
  await output.print(
    table(
      columns,
      body.map((machine) => row(machine, serverMs, paint)),
    ),
  );
  if (body.length === 0) output.say('no machine has come with a key yet; telemetryctl token new lets one in.');
  return 0;
}

function row(machine: Machine, nowMs: number, paint: Paint): readonly string[] {
  return [
    shown(machine.name),
    paint(stateColour(machine.state), shown(machine.state)),
    shortKey(machine),
    ago(nowMs - Date.parse(machine.last_seen)),
    shown(machine.peer),
    machine.token === null ? '-' : shown(machine.token),
  ];
}

function stateColour(state: string): Colour {
  switch (state) {
    case 'approved':
      return 'green';
    case 'pending':
      return 'yellow';
    case 'revoked':
      return 'red';
    default:
      return 'dim';
  }
}

/** What was done, and what that means for the machine. */
function changed(task: Exclude<MachinesCommand['task'], { type: 'list' }>, before: Machine, now: Machine): string {
  const head = `${shown(now.name)} (key ${shortKey(now)}): `;
  switch (task.type) {
    case 'approve':
      return `${head}approved; its client is served when it tries again, within a minute.\n`;
    case 'revoke':
      return `${head}revoked; it is not served from now on, and no other key gets its name. What it sent is kept; telemetryctl machines approve lets it in again.\n`;
    case 'forget':
      return before.state === 'pending'
        ? `${head}gone from the list; it waits again when its client tries again. To keep it out, revoke it.\n`
        : `${head}forgotten; its key counts no more, and what it sent is kept. The next machine that comes with this name waits until telemetryctl machines approve gives it name and history.\n`;
    case 'rename':
      return `${shown(before.name)} (key ${shortKey(now)}): is ${shown(now.name)} from now on.\n`;
    default:
      return unreachable(task);
  }
}
