/** One thing on a machine that says a temperature, whatever it measures. */
export interface TemperatureInput {
  /** What its readings carry as `id`; the same after a restart. For example `coretemp/Package id 0`. */
  readonly id: string;
  /** The chip's name, or the thermal zone's type, in lower case with `_` for `-`. */
  readonly chip: string;
  /** What the driver calls this input of the chip; undefined where it has no name. */
  readonly label: string | undefined;
  /** Where it is read, short: `hwmon2/temp1_input`. */
  readonly where: string;
  /** The driver says that nothing is connected. */
  readonly fault: boolean;
}

/** What an input said in one round. */
export type TemperatureSample =
  | { readonly type: 'value'; readonly input: TemperatureInput; readonly celsius: number }
  | { readonly type: 'failed'; readonly input: TemperatureInput; readonly reason: string };

/** Where temperatures come from: the kernel's files, or a library. */
export interface TemperatureSource {
  /** One sample of each input, in a stable order; undefined where there is no place to look for inputs at all. */
  sample(): Promise<readonly TemperatureSample[] | undefined>;
  /** What would help where the CPU's temperature is not among them: a sentence for a person. */
  hint(): Promise<string>;
  /** Inputs that are left out because they repeat another one: sentences for a person. */
  notes(): readonly string[];
  close(): Promise<void>;
}

/** How the kernel spells one name in two places: `cpu-thermal` as a zone is `cpu_thermal` as a chip. */
export function normalisedChip(name: string): string {
  return name.trim().toLowerCase().replaceAll('-', '_');
}
