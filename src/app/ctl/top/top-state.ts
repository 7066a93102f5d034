import { compareWorst, figureOf, worstOf } from '../../../api/fleet-figures.ts';
import type { Kind } from '../../../api/levels.ts';
import type { FleetRow } from '../../../api/contract.ts';
import type { TopCommand } from '../command.ts';
import type { Key } from './top-keys.ts';

export type TopSort = TopCommand['sort'];

/** What the screen is at. `typing`: the filter is being written. */
export type TopMode =
  | { readonly name: 'list' }
  | { readonly name: 'typing' }
  | { readonly name: 'unit'; readonly clientId: string; readonly scroll: number };

export interface TopState {
  readonly sort: TopSort;
  readonly filter: string;
  readonly mode: TopMode;
  /** The unit under the bar; undefined: the first. */
  readonly chosen: string | undefined;
  readonly isEnded: boolean;
}

export function topState({ sort, filter }: Pick<TopCommand, 'sort' | 'filter'>): TopState {
  return { sort, filter, mode: { name: 'list' }, chosen: undefined, isEnded: false };
}

/** Which key sorts by what. */
export const sortKeys: Readonly<Record<string, TopSort>> = {
  w: 'worst',
  n: 'name',
  t: 'cpu_temp',
  r: 'ram',
  d: 'disk',
  c: 'cpu',
  s: 'seen',
};

const filterCharactersMax = 64;

/** The units to be shown, in their order. Words of the filter are all to be in the name, the state, or a tag as `name=value`. `nowMs` is the server's clock. */
export function shownRows(
  rows: Iterable<FleetRow>,
  { sort, filter }: Pick<TopState, 'sort' | 'filter'>,
  nowMs: number,
): readonly FleetRow[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  const found = [...rows].filter((row) => words.every((word) => textOf(row).includes(word)));
  return sort === 'worst' ? worstFirst(found, nowMs) : largestFirst(found, sort, nowMs);
}

function textOf({ name, state, tags }: FleetRow): string {
  const words = Object.entries(tags).map(([tag, value]) => `${tag}=${value}`);
  return [name, state, ...words].join(' ').toLowerCase();
}

function worstFirst(rows: readonly FleetRow[], nowMs: number): readonly FleetRow[] {
  return rows
    .map((row) => ({ row, ...worstOf(row, nowMs) }))
    .toSorted((one, other) => compareWorst(one, other) || byName(one.row, other.row))
    .map(({ row }) => row);
}

type LargestSort = Exclude<TopSort, 'worst'>;

function largestFirst(rows: readonly FleetRow[], sort: LargestSort, nowMs: number): readonly FleetRow[] {
  return rows
    .map((row) => ({ row, rank: rankOf(row, sort, nowMs) }))
    .toSorted((one, other) => other.rank - one.rank || byName(one.row, other.row))
    .map(({ row }) => row);
}

function byName(one: FleetRow, other: FleetRow): number {
  return one.name < other.name ? -1 : 1;
}

function rankOf(row: FleetRow, sort: LargestSort, nowMs: number): number {
  switch (sort) {
    case 'name':
      return 0;
    case 'seen':
      return row.values[1];
    default:
      return figureRank(row, sort, nowMs);
  }
}

/** What is old says nothing of now: it comes after all that is fresh. */
function figureRank(row: FleetRow, name: Kind, nowMs: number): number {
  const figure = figureOf(row, name, nowMs);
  if (figure === undefined) return Number.NEGATIVE_INFINITY;
  return figure.isOld ? figure.value - 1_000_000 : figure.value;
}

/** What is on the screen when a key is pressed. */
export interface Seen {
  /** The units that are shown, in their order. */
  readonly ids: readonly string[];
  /** How many lines there is room for. */
  readonly page: number;
  /** How many lines the unit that is open has. */
  readonly lines: number;
}

/** What a key does. */
export function pressed(state: TopState, key: Key, seen: Seen): TopState {
  if (key.type === 'interrupt') return { ...state, isEnded: true };
  switch (state.mode.name) {
    case 'typing':
      return typed(state, key);
    case 'unit':
      return pressedInUnit(state, state.mode, key, seen);
    default:
      return pressedInList(state, key, seen);
  }
}

function typed(state: TopState, key: Key): TopState {
  if (key.type === 'enter') return { ...state, mode: { name: 'list' } };
  if (key.type === 'escape') return { ...state, mode: { name: 'list' }, filter: '' };
  if (key.type === 'erase') return { ...state, filter: state.filter.replace(/.$/su, '') };
  if (key.type !== 'character' || state.filter.length >= filterCharactersMax) return state;
  return { ...state, filter: state.filter + key.character };
}

function pressedInUnit(
  state: TopState,
  mode: Extract<TopMode, { name: 'unit' }>,
  key: Key,
  { page, lines }: Seen,
): TopState {
  const last = Math.max(0, lines - page);
  const scrolled = (scroll: number): TopState => ({
    ...state,
    mode: { ...mode, scroll: Math.max(0, Math.min(last, scroll)) },
  });
  if (key.type === 'escape' || (key.type === 'character' && key.character === 'q'))
    return { ...state, mode: { name: 'list' } };
  const move = movement(key, page);
  if (move !== undefined) return scrolled(mode.scroll + move);
  if (key.type === 'home') return scrolled(0);
  return key.type === 'end' ? scrolled(last) : state;
}

function pressedInList(state: TopState, key: Key, seen: Seen): TopState {
  if (key.type === 'character') return characterInList(state, key.character);
  if (key.type === 'escape') return { ...state, filter: '' };
  const { ids, page } = seen;
  const at = Math.max(0, state.chosen === undefined ? 0 : ids.indexOf(state.chosen));
  const chosen = (index: number): TopState => ({
    ...state,
    chosen: ids[Math.max(0, Math.min(ids.length - 1, index))],
  });
  const move = movement(key, page);
  if (move !== undefined) return chosen(at + move);
  switch (key.type) {
    case 'home':
      return chosen(0);
    case 'end':
      return chosen(ids.length - 1);
    case 'enter': {
      const clientId = ids[at];
      return clientId === undefined
        ? state
        : { ...state, chosen: clientId, mode: { name: 'unit', clientId, scroll: 0 } };
    }
    default:
      return state;
  }
}

function characterInList(state: TopState, character: string): TopState {
  if (character === 'q') return { ...state, isEnded: true };
  if (character === '/') return { ...state, mode: { name: 'typing' } };
  const sort = sortKeys[character];
  return sort === undefined ? state : { ...state, sort };
}

function movement(key: Key, page: number): number | undefined {
  switch (key.type) {
    case 'up':
      return -1;
    case 'down':
      return 1;
    case 'page-up':
      return -page;
    case 'page-down':
      return page;
    default:
      return undefined;
  }
}
