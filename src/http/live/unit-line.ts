import type { FleetRow } from '../../api/contract.ts';
import type { UnitGlance } from '../../server/contract.ts';
import { newestValues } from './newest-values.ts';

export type Look = 'same' | 'values' | 'row';

const noTags = {};
/** A clock that is off is measured anew with every reading; its row goes out again when this much has come of it. */
const offsetChangeMsMin = 500;

/** One unit as its readers were told of it: the row, when it changed, and its texts. A tick is one event `changes`. */
export class UnitLine {
  readonly clientId: string;
  readonly #clientIdText: string;
  /** The last tick with anything new of it, and the last with more than values. */
  tick = 0;
  rowTick = 0;
  name = '';
  #state: FleetRow['state'] = 'lost';
  #v: FleetRow['v'] = 2;
  #ip = '';
  #tags: FleetRow['tags'] = noTags;
  #interval: FleetRow['interval'] = { confirmed: 0, wanted: 0, rev: 0, state: 'confirmed', tries: 0 };
  #registeredMs = 0;
  #clockOffsetMs: number | null = null;
  #lastSeenMs = Number.NaN;
  #newest = newestValues({ readings: [], interval: this.#interval });
  /** The members of the row but for its values, which change seldom. */
  #rowText: string | undefined;
  /** As it was looked at last: as long as a unit has the same one, all of its row that is kept is the same. */
  #record: UnitGlance['record'] | undefined;

  constructor(clientId: string) {
    this.clientId = clientId;
    this.#clientIdText = JSON.stringify(clientId);
  }

  /** Its interval is under way: how often it was sent changes without a word. */
  get isSending(): boolean {
    return this.#interval.state === 'sending';
  }

  /** Takes it up as it is now, in this tick. */
  look(glance: UnitGlance, tick: number): Look {
    const { fullestDisk } = this.#newest;
    const hasOtherRow = !this.#isKnown(glance) && this.#takeRow(glance);
    const hasOtherValues = this.#takeValues(glance);
    const isRow = hasOtherRow || fullestDisk !== this.#newest.fullestDisk;
    if (!isRow && !hasOtherValues) return 'same';
    this.tick = tick;
    if (!isRow) return 'values';
    this.rowTick = tick;
    this.#rowText = undefined;
    return 'row';
  }

  /** A `FleetRow`, as JSON. */
  rowText(): string {
    this.#rowText ??= JSON.stringify({
      client_id: this.clientId,
      name: this.name,
      state: this.#state,
      v: this.#v,
      ip: this.#ip,
      tags: this.#tags,
      interval: this.#interval,
      registered: new Date(this.#registeredMs).toISOString(),
      clock_offset_ms: this.#clockOffsetMs,
      fullest_disk: this.#newest.fullestDisk,
    } satisfies Omit<FleetRow, 'values'>).slice(0, -1);
    return `${this.#rowText},"values":${this.valuesText()}}`;
  }

  /** Its `FleetValues`, as JSON. */
  valuesText(): string {
    const { cpuTemp, cpuTempMs, ram, ramMs, disk, diskMs, cpu, cpuMs, backlog } = this.#newest;
    const [heat, memory, fullest] = [pair(cpuTemp, cpuTempMs), pair(ram, ramMs), pair(disk, diskMs)];
    return `[${this.#clientIdText},${this.#lastSeenMs},${heat},${memory},${fullest},${pair(cpu, cpuMs)},${orNull(backlog)}]`;
  }

  /** Quicker than to compare: nearly always it is. */
  #isKnown({ record, state, intervalTries, clockOffsetMs }: UnitGlance): boolean {
    const isKnown =
      record === this.#record &&
      state === this.#state &&
      intervalTries === this.#interval.tries &&
      clockOffsetMs === this.#clockOffsetMs;
    this.#record = record;
    return isKnown;
  }

  #takeRow({ record, state, interval, clockOffsetMs }: UnitGlance): boolean {
    const { name, v, ip, tags = noTags, registeredMs } = record;
    const former = this.#interval;
    const isSame =
      name === this.name &&
      state === this.#state &&
      v === this.#v &&
      ip === this.#ip &&
      tags === this.#tags &&
      registeredMs === this.#registeredMs &&
      interval.rev === former.rev &&
      interval.state === former.state &&
      interval.tries === former.tries &&
      interval.confirmed === former.confirmed &&
      interval.wanted === former.wanted &&
      this.#isAboutAsBefore(clockOffsetMs);
    if (isSame) return false;
    this.name = name;
    this.#state = state;
    this.#v = v;
    this.#ip = ip;
    this.#tags = tags;
    this.#interval = interval;
    this.#registeredMs = registeredMs;
    this.#clockOffsetMs = clockOffsetMs;
    return true;
  }

  #takeValues(glance: UnitGlance): boolean {
    const newest = newestValues({ readings: glance.readings, interval: this.#interval });
    const former = this.#newest;
    const isSame =
      glance.lastSeenMs === this.#lastSeenMs &&
      Object.is(newest.cpuTempMs, former.cpuTempMs) &&
      Object.is(newest.ramMs, former.ramMs) &&
      Object.is(newest.diskMs, former.diskMs) &&
      Object.is(newest.cpuMs, former.cpuMs) &&
      Object.is(newest.cpuTemp, former.cpuTemp) &&
      Object.is(newest.ram, former.ram) &&
      Object.is(newest.disk, former.disk) &&
      Object.is(newest.cpu, former.cpu) &&
      Object.is(newest.backlog, former.backlog) &&
      newest.fullestDisk === former.fullestDisk;
    if (isSame) return false;
    this.#lastSeenMs = glance.lastSeenMs;
    this.#newest = newest;
    return true;
  }

  #isAboutAsBefore(clockOffsetMs: number | null): boolean {
    const former = this.#clockOffsetMs;
    if (clockOffsetMs === null || former === null) return clockOffsetMs === former;
    // 0 stands for all that is not worth showing.
    if (clockOffsetMs === 0 || former === 0) return clockOffsetMs === former;
    return Math.abs(clockOffsetMs - former) < offsetChangeMsMin;
  }
}

/** A value and when it was taken; without a value there is no time either. */
function pair(value: number, takenMs: number): string {
  return Number.isNaN(value) ? 'null,null' : `${value},${timeText(takenMs)}`;
}

let written = { ms: Number.NaN, text: '' };

/** The readings of a round have one time, and to write a number of thirteen digits costs as much as all else of a value. */
function timeText(ms: number): string {
  if (ms !== written.ms) written = { ms, text: String(ms) };
  return written.text;
}

function orNull(value: number): string {
  return Number.isNaN(value) ? 'null' : String(value);
}
