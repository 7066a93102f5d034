import { prettyReadings } from '../../sinks/pretty-line.ts';
import type { Unit } from './api-answers.ts';
import type { ApiClient } from './api-client.ts';
import { painter } from './colour.ts';
import { ago, intervalText, shown } from './figures.ts';
import { findUnit } from './find-unit.ts';
import type { Output } from './output.ts';
import { printableJson } from './printable-json.ts';
import { stateColour } from './units-command.ts';

/** `telemetryctl unit NAME`. */
export async function showUnit(
  api: ApiClient,
  output: Output,
  { name, json }: { readonly name: string; readonly json: boolean },
): Promise<0> {
  const { client_id: clientId } = await findUnit(api, name);
  const {
    body,
    raw,
    serverMs = Date.now(),
  } = await api.get(`api/v1/units/${encodeURIComponent(clientId)}`, ({ unit }) => unit);
  await output.print(json ? `${printableJson(raw, 2)}\n` : details(body, serverMs, output.colour));
  return 0;
}

function details(unit: Unit, nowMs: number, colour: boolean): string {
  const paint = painter(colour);
  const { interval } = unit;
  const hears = unit.port === 0 ? `${unit.ip}, no UDP` : `${unit.ip}, UDP port ${unit.port}`;
  const tries =
    interval.state === 'sending' ? `, sent ${interval.tries === 1 ? 'once' : `${interval.tries} times`}` : '';
  const lines: readonly (readonly [string, string])[] = [
    ['name', paint('bold', shown(unit.name))],
    ['client_id', shown(unit.client_id)],
    ['state', `${paint(stateColour(unit.state), shown(unit.state))}, seen ${ago(nowMs - Date.parse(unit.last_seen))}`],
    ['registered', `${unit.registered}, ${ago(nowMs - Date.parse(unit.registered))}`],
    ['protocol', `v${unit.v}`],
    ['hears', shown(hears)],
    ['interval', `${intervalText(interval)}, ${shown(interval.state)}${tries}, revision ${interval.rev}`],
    ['clock', clockText(unit.clock_offset_ms)],
  ];
  const head = lines.map(([title, value]) => `${paint('dim', title.padEnd(12))}${value}\n`).join('');
  const readings = Object.values(unit.latest)
    .flat()
    .map((view) => line(unit, view, colour));
  return readings.length === 0 ? `${head}\nNo readings yet.\n` : `${head}\n${readings.join('')}`;
}

function clockText(offsetMs: number | null): string {
  if (offsetMs === null) return 'not measured';
  if (Math.abs(offsetMs) <= 2_000) return "within 2 s of the server's";
  return `${(Math.abs(offsetMs) / 1000).toFixed(1)} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the server's`;
}

/** As in the log; the time is when it was taken. */
function line(unit: Unit, view: Unit['latest'][string][number], colour: boolean): string {
  const { time, sensor, id, source, seq: _seq, epoch: _epoch, ...rest } = view;
  const values = Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
  );
  const reading = {
    sensor: String(sensor),
    ...(id !== undefined && { id: String(id) }),
    ...(source !== undefined && { source: String(source) }),
    values,
    time: Number(time),
    epoch: undefined,
    seq: undefined,
  };
  return prettyReadings([{ clientId: unit.client_id, unit: unit.name, reading }], Number(time), colour);
}
