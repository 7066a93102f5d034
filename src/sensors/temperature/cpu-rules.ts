import type { TemperatureInput } from './input.ts';

/** What a rule takes for the CPU's temperature. */
export interface CpuRule {
  readonly chip: RegExp;
  /** Undefined: any input of that chip, named or not. */
  readonly label?: RegExp;
  /** A word or two for `source`. */
  readonly what: string;
  /** Of several inputs only the first plausible one is taken: they are not alike, and which is the CPU's is not said. */
  readonly single?: true;
}

/**
 * Which inputs are the CPU's, best first. Names are those of the drivers' pages in the kernel's Documentation/hwmon and of the
 * thermal zones in its device trees. To teach the client another machine, add a line and a fixture.
 */
export const cpuRules: readonly CpuRule[] = [
  { chip: /^coretemp$/, label: /^(Package|Physical) id \d+$/, what: 'package' },
  // Tctl is Tdie plus an offset for the fan curve (up to 27 degrees on some first Ryzens), so Tdie wins where both are present.
  { chip: /^(k10temp|zenpower)$/, label: /^Tdie$/, what: 'die' },
  { chip: /^(k10temp|zenpower)$/, label: /^Tctl$/, what: 'control' },
  { chip: /^(cpu|bcm2\d{3}_thermal$|mtktscpu)/, what: 'CPU zone' },
  { chip: /^(soc|package|ap|cluster\d*|big(core)?\d*|little(core)?\d*)_thermal$/, what: 'SoC zone' },
  { chip: /^(imx_thermal_zone|armada_thermal|soc_dts\d|scpi_sensors)$/, what: 'SoC zone' },
  { chip: /^x86_pkg_temp$/, what: 'package zone' },
  { chip: /^(tcpu|b0d4)$/, what: 'DPTF zone' },
  { chip: /^coretemp$/, label: /^Core \d+$/, what: 'core' },
  { chip: /^(k8temp|via_cputemp|core)$/, what: 'core' },
  { chip: /^(k10temp|zenpower)$/, label: /^Tccd\d+$/, what: 'CCD' },
  // Before family 17h k10temp has one nameless input, on a scale that AMD defines as relative to the throttling point.
  { chip: /^k10temp$/, what: 'control' },
  { chip: /./, label: /^(CPU( (Die|Package|Core|Temp|Temperature))?|PECI Agent \d+|TSI\d+_TEMP)$/i, what: 'board' },
  { chip: /^(acpitz|acpi)$/, what: 'ACPI zone', single: true },
];

/** What is certainly not the CPU, whatever its label says. */
const others: readonly { readonly chip: RegExp; readonly label?: RegExp; readonly what: string }[] = [
  { chip: /^pch_/, what: 'the chipset' },
  { chip: /^(nvme|drivetemp|mmc)/, what: 'a drive' },
  { chip: /^(amdgpu|radeon|nouveau|nvidia|i915|xe$|panfrost|.*gpu)/, what: 'a graphics processor' },
  {
    chip: /^(iwlwifi|mt7\d|ath\d+k|rtw|r8169|ixgbe|igb|i40e|ice$|mlx\d|bnxt|be2net|tg3|phy)/,
    what: 'a network adapter',
  },
  { chip: /^(jc42|spd5118)/, what: 'a memory module' },
  { chip: /^(bat\d|.*battery|.*charger)/, what: 'a battery' },
  { chip: /./, label: /^(PCH|CHIPSET|SB)([_ ]|$)/i, what: 'the chipset' },
  { chip: /./, label: /^AUXTIN\d*$/i, what: 'a spare input of the board, often unconnected' },
  { chip: /./, label: /^(SYSTIN|CPUTIN)$/i, what: 'a thermistor on the board' },
  { chip: /./, label: /^GPU/i, what: 'a graphics processor' },
];

/** What is known of an input by its names: the index of its rule in `cpuRules`, or what else it is (`a drive`), or neither. */
export type InputKind =
  | { readonly name: 'cpu'; readonly rule: number }
  | { readonly name: 'other'; readonly what: string }
  | { readonly name: 'unknown' };

export function kindOf(input: TemperatureInput): InputKind {
  const other = others.find((candidate) => matches(candidate, input));
  if (other !== undefined) return { name: 'other', what: other.what };
  const rule = cpuRules.findIndex((candidate) => matches(candidate, input));
  return rule < 0 ? { name: 'unknown' } : { name: 'cpu', rule };
}

/** Drives answer by a command of their own, which a failing one may never finish. */
export function mayHang(input: TemperatureInput): boolean {
  return /^(nvme|drivetemp|mmc)/.test(input.chip);
}

function matches(
  { chip, label }: { readonly chip: RegExp; readonly label?: RegExp },
  input: TemperatureInput,
): boolean {
  if (!chip.test(input.chip)) return false;
  return label === undefined || (input.label !== undefined && label.test(input.label));
}
