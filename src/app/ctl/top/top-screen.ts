import { stripVTControlCharacters } from 'node:util';
import type { FleetRow } from '../../../api/contract.ts';
import type { Paint } from '../colour.ts';
import { ago, intervalText, shown, tagWords } from '../figures.ts';
import { chosenLine, type TerminalSize } from '../terminal.ts';
import { cutToWidth } from '../text-width.ts';
import { stateColour } from '../units-command.ts';
import { plainText } from './plain-text.ts';
import type { TopState } from './top-state.ts';
import { topTable } from './top-table.ts';

/** What the screen is drawn from, besides its state. */
export interface TopView {
  readonly server: string;
  /** All units. */
  readonly all: ReadonlyMap<string, FleetRow>;
  /** Those that are shown, in their order. */
  readonly rows: readonly FleetRow[];
  /** The server's clock. */
  readonly nowMs: number;
  /** Why nothing new comes; undefined while it does. */
  readonly stale: string | undefined;
  /** Of the unit that is open: its plots and tables. */
  readonly report: readonly string[];
  readonly size: TerminalSize;
  readonly paint: Paint;
}

/** Lines above and below the list: two of heading, the titles, the keys. */
const linesAround = 4;

/** How many units the list has room for, and lines the report of one. */
export function pageOf({ rows }: TerminalSize): number {
  return Math.max(1, rows - linesAround);
}

/** All lines of the screen: none is wider than it, and there are no more than it has. */
export function topLines(state: TopState, view: TopView): readonly string[] {
  const { size, paint } = view;
  const body = state.mode.name === 'unit' ? unitLines(state.mode.scroll, view) : listLines(state, view);
  const space = Array.from({ length: Math.max(0, size.rows - body.length - 3) }, () => '');
  const lines = [first(view), heading(state, view), ...body, ...space, paint('dim', keysText(state))];
  return lines.slice(0, size.rows).map((line) => cutToWidth(line, size.columns));
}

/** How many there are is as old as all the rest, so what is said instead is how old that is. */
function first({ server, all, stale, paint }: TopView): string {
  const name = paint('bold', plainText(server));
  if (stale !== undefined) return `${name}  ${paint('red', plainText(stale))}`;
  const states = Map.groupBy(all.values(), ({ state }) => state);
  const words = (['lost', 'late', 'online', 'disconnected'] as const).flatMap((state) => {
    const units = states.get(state)?.length ?? 0;
    return units === 0 ? [] : [`${units} ${state}`];
  });
  const units = all.size === 1 ? '1 unit' : `${all.size} units`;
  return `${name}  ${units}: ${words.length === 0 ? 'none has registered yet' : words.join(', ')}`;
}

function heading({ sort, filter, mode }: TopState, view: TopView): string {
  if (mode.name === 'unit') return unitHeading(mode.clientId, view);
  const by = `by ${sort.replace('_', ' ')}`;
  if (mode.name === 'typing') return `${by}  filter: ${plainText(filter)}_`;
  return filter === '' ? by : `${by}  filter: ${plainText(filter)}  ${view.rows.length} of ${view.all.size}`;
}

function unitHeading(clientId: string, { all, nowMs, paint }: TopView): string {
  const row = all.get(clientId);
  if (row === undefined) return 'This unit is there no more.';
  const { name, state, interval, tags, values } = row;
  const seen = `seen ${ago(nowMs - values[1])}`;
  const parts = [shown(name), paint(stateColour(state), shown(state)), seen, `every ${intervalText(interval)}`];
  const words = tagWords(tags);
  return [...parts, ...(words === '' ? [] : [words])].join('  ');
}

function listLines({ chosen }: TopState, { rows, nowMs, size, paint }: TopView): readonly string[] {
  const at = Math.max(
    0,
    rows.findIndex(({ client_id: id }) => id === chosen),
  );
  const page = pageOf(size);
  const begin = Math.max(0, Math.min(at - Math.floor(page / 2), rows.length - page));
  const [titles = '', ...lines] = topTable(rows.slice(begin, begin + page), nowMs, paint);
  return [
    paint('bold', titles),
    ...lines.map((line, index) => (begin + index === at ? chosenLine(stripVTControlCharacters(line)) : line)),
  ];
}

function unitLines(scroll: number, { report, size }: TopView): readonly string[] {
  const page = pageOf(size);
  const begin = Math.max(0, Math.min(scroll, report.length - page));
  return ['', ...report.slice(begin, begin + page)];
}

function keysText({ mode }: TopState): string {
  switch (mode.name) {
    case 'typing':
      return 'type words of names, states or tags   Enter done   Esc no filter';
    case 'unit':
      return 'Esc back   arrows, PgUp, PgDn, Home, End scroll   Ctrl-C end';
    default:
      return 'sort: w worst  n name  t temperature  c cpu  r ram  d disk  s seen   / filter   Enter open   q end';
  }
}
