import { readFile, readdir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { normalisedChip } from '../temperature/input.ts';

/** A temperature input as the kernel lists it, before inputs of the same name are told apart. */
export interface ListedInput {
  readonly chip: string;
  readonly label: string | undefined;
  /** What the reading's `id` is made of: `coretemp` and `Package id 0`. */
  readonly name: { readonly chip: string; readonly input: string | undefined };
  /** The device behind the chip, by the kernel's name for it: `coretemp.0`, `nvme0`, `0000:00:18.3`. */
  readonly device: string;
  readonly where: string;
  readonly fault: boolean;
  /** The file that holds the temperature in thousandths of a degree Celsius. */
  readonly path: string;
}

/**
 * The temperature inputs of all chips below `folder`, which is `/sys/class/hwmon`; in the order of their numbers. Format: the
 * kernel's Documentation/hwmon/sysfs-interface. Rejects where the folder cannot be listed.
 */
export async function listHwmon(folder: string): Promise<readonly ListedInput[]> {
  const chips = byNumber(await readdir(folder));
  const inputs = await Promise.all(chips.map((chip) => listChip(folder, chip)));
  return inputs.flat();
}

/** `hwmon10` comes after `hwmon9`. */
export function byNumber(names: readonly string[]): readonly string[] {
  return names.toSorted((left, right) => numberIn(left) - numberIn(right) || (left < right ? -1 : 1));
}

async function listChip(folder: string, hwmon: string): Promise<readonly ListedInput[]> {
  // A few old drivers, applesmc among them, keep their files in the device's own folder.
  for (const at of [join(folder, hwmon), join(folder, hwmon, 'device')]) {
    const files = await namesIn(at);
    const numbers = byNumber(files.filter((file) => /^temp\d+_input$/.test(file))).map(numberIn);
    if (numbers.length === 0) continue;
    const name = (await textOf(join(folder, hwmon, 'name'))) ?? (await textOf(join(at, 'name'))) ?? hwmon;
    const device = await deviceOf(join(folder, hwmon, 'device'), hwmon);
    return Promise.all(
      numbers.map(async (number): Promise<ListedInput> => {
        const label = await textOf(join(at, `temp${number}_label`), files);
        return {
          chip: normalisedChip(name),
          label,
          name: { chip: name, input: label ?? `temp${number}` },
          device,
          where: `${hwmon}/temp${number}_input`,
          fault: (await textOf(join(at, `temp${number}_fault`), files)) === '1',
          path: join(at, `temp${number}_input`),
        };
      }),
    );
  }
  return [];
}

async function deviceOf(link: string, fallback: string): Promise<string> {
  try {
    return basename(await readlink(link));
  } catch {
    // Chips without a device behind them have no such link.
    return fallback;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // A chip may go while it is listed, and most have no second folder.
    return [];
  }
}

/** The trimmed text of an optional file; undefined where it is empty, is not among `files`, or cannot be read. */
async function textOf(path: string, files?: readonly string[]): Promise<string | undefined> {
  if (files !== undefined && !files.includes(basename(path))) return undefined;
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return text === '' ? undefined : text;
  } catch {
    // Names are optional; the input itself is read later, and its error is reported then.
    return undefined;
  }
}

function numberIn(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}
