import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { mayHang } from '../temperature/cpu-rules.ts';
import type { TemperatureInput, TemperatureSample, TemperatureSource } from '../temperature/input.ts';
import { BoundedRound, reasonOf } from './bounded-round.ts';
import type { Call, Outcome, Settle } from './bounded-round.ts';
import type { LinuxHost } from './host.ts';
import { listHwmon } from './hwmon.ts';
import type { ListedInput } from './hwmon.ts';
import { KernelFile } from './kernel-file.ts';
import { nameInputs } from './name-inputs.ts';
import { hintForTemperature } from './temperature-hint.ts';
import { listThermalZones } from './thermal-zones.ts';

/** How long a listing is trusted while everything in it can be read. */
const listingMsMax = 60_000;
/** However often inputs come and go, a listing costs as much as many rounds. */
const listingMsMin = 10_000;
/** Inputs that are read; a server of two sockets with 64 cores each has some 150. */
export const temperatureInputsMax = 256;
/** A temperature in thousandths of a degree is at most a sign, ten digits and the end of the line. */
const inputBytes = 32;

interface OpenInput {
  readonly input: TemperatureInput;
  readonly file: KernelFile;
  readonly call: Call<number>;
  /** It has been read at least once, so an error means that something has changed. */
  worked: boolean;
}

interface Listing {
  readonly inputs: readonly OpenInput[];
  readonly notes: readonly string[];
  /** The names in the two folders, to see a change cheaply. */
  readonly names: string;
}

/** All thermometers below `/sys/class/hwmon` and `/sys/class/thermal`, read with one system call each a round. */
export class LinuxTemperatures implements TemperatureSource {
  readonly #root: string;
  readonly #hwmon: string;
  readonly #thermal: string;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #round: BoundedRound<number>;
  #listing: Listing = { inputs: [], notes: [], names: '' };
  #listedMs = Number.NEGATIVE_INFINITY;
  #stale = false;
  #closed = false;

  constructor(host: LinuxHost) {
    this.#root = host.root;
    this.#hwmon = join(host.root, 'sys/class/hwmon');
    this.#thermal = join(host.root, 'sys/class/thermal');
    this.#clock = host.clock;
    this.#round = new BoundedRound(host);
  }

  async sample(): Promise<readonly TemperatureSample[] | undefined> {
    const ageMs = this.#clock.monotonicMs() - this.#listedMs;
    if (ageMs >= (this.#stale ? listingMsMin : listingMsMax)) await this.#list();
    const { inputs, names } = this.#listing;
    if (names === '') return undefined;
    const outcomes = await this.#round.ask(inputs.map(({ call }) => call));
    return outcomes
      .map((outcome, index) => this.#sampleOf(inputs[index], outcome))
      .filter((sample) => sample !== undefined);
  }

  hint(): Promise<string> {
    return hintForTemperature(this.#root);
  }

  notes(): readonly string[] {
    return this.#listing.notes;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#listing.inputs.map(({ file }) => file.close()));
  }

  #sampleOf(open: OpenInput | undefined, outcome: Outcome<number>): TemperatureSample | undefined {
    if (open === undefined) return undefined;
    if (outcome.type === 'answer') {
      open.worked = true;
      return { type: 'value', input: open.input, celsius: outcome.value };
    }
    if (outcome.type === 'error' && open.worked) {
      // What could be read and now cannot may have moved: a driver that was loaded anew, a drive that was pulled.
      this.#stale = true;
    }
    return { type: 'failed', input: open.input, reason: reasonOf(outcome) };
  }

  async #list(): Promise<void> {
    const names = [...(await namesIn(this.#hwmon)), ...(await namesIn(this.#thermal))].join(' ');
    this.#listedMs = this.#clock.monotonicMs();
    if (this.#closed || (names === this.#listing.names && !this.#stale)) return;
    this.#stale = false;
    const chips = await listHwmon(this.#hwmon).catch(() => []);
    const zones = await listThermalZones(this.#thermal).catch(() => []);
    await Promise.all(this.#listing.inputs.map(({ file }) => file.close()));
    this.#listing = { ...openInputs(chips, zones), names };
  }
}

/** A zone that the kernel also offers as a chip, which then has the zone's name, is left out. */
function openInputs(chips: readonly ListedInput[], zones: readonly ListedInput[]): Omit<Listing, 'names'> {
  const chipNames = new Set(chips.map(({ chip }) => chip));
  const notes: string[] = [];
  for (const { chip, where } of zones) if (chipNames.has(chip)) notes.push(`${where} is the same as the chip ${chip}`);
  const listed = [...chips, ...zones.filter(({ chip }) => !chipNames.has(chip))];
  const kept = listed.slice(0, temperatureInputsMax);
  if (listed.length > kept.length)
    notes.push(`${listed.length - kept.length} inputs beyond the first ${kept.length} are not read`);
  const ids = nameInputs(kept);
  return { inputs: kept.map((input, index) => openInput(input, ids[index] ?? input.where)), notes };
}

function openInput({ chip, label, where, fault, path }: ListedInput, id: string): OpenInput {
  const input: TemperatureInput = { id, chip, label, where, fault };
  const file = new KernelFile(path, { bytes: inputBytes });
  const start = (settle: Settle<number>): void => {
    file.read((error, text) => {
      settle(error === undefined ? celsiusOf(text) : { type: 'error', error });
    });
  };
  return { input, file, call: { key: path, pace: mayHang(input) ? 'remote' : 'quick', start }, worked: false };
}

function celsiusOf(text: string): Outcome<number> {
  const value = parseCelsius(text);
  if (value !== undefined) return { type: 'answer', value };
  return {
    type: 'error',
    error: new Error(`it says ${JSON.stringify(text.slice(0, 16))}, which is not a temperature`),
  };
}

/** Degrees Celsius from the text of a `tempN_input` or a zone's `temp`, which is in thousandths; undefined where it is no integer. */
export function parseCelsius(text: string): number | undefined {
  return /^-?\d{1,10}\s*$/.test(text) ? Number(text) / 1_000 : undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // Not on this machine: a virtual machine has neither folder.
    return [];
  }
}
