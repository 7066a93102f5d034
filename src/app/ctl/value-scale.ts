/** How the values of one name are shown: in which unit, and with how many digits. */
export interface Scale {
  /** `°C`, `GiB`, `%`; empty where the value has none, or its name says it. */
  readonly unit: string;
  readonly show: (value: number) => string;
}

export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** Sensors whose values are bytes but for ratios, which say so in their name (docs/sensors.md). */
const sensorsInBytes: ReadonlySet<string> = new Set(['disk', 'ram']);
const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
/** More digits behind the point than any sensor has. */
const decimalsMax = 6;
const plainMax = 1e15;

/** The scale of the values called `name` of a sensor, all of which lie within `extent`: one scale for a whole column, so that its figures compare. */
export function scaleOf(sensor: string, name: string, extent: Extent): Scale {
  if (name.endsWith('ratio') || name === 'utilisation') return scale(extent, { unit: '%', factor: 100, decimals: 1 });
  if (name === 'celsius' || name.endsWith('_celsius')) return scale(extent, { unit: '°C', factor: 1, decimals: 1 });
  const largest = Math.max(Math.abs(extent.min), Math.abs(extent.max));
  if (sensorsInBytes.has(sensor) || name.endsWith('bytes')) {
    const power = largest < 1024 ? 0 : Math.min(Math.floor(Math.log2(largest) / 10), byteUnits.length - 1);
    const factor = 1024 ** -power;
    return scale(extent, {
      unit: byteUnits[power] ?? '',
      factor,
      decimals: power === 0 ? 0 : decimalsOf(largest * factor),
    });
  }
  const isCount = extent.min === extent.max && Number.isInteger(extent.min);
  return scale(extent, { unit: '', factor: 1, decimals: isCount ? 0 : decimalsOf(largest) });
}

function scale(
  { min, max }: Extent,
  { unit, factor, decimals }: { readonly unit: string; readonly factor: number; readonly decimals: number },
): Scale {
  const spread = (max - min) * factor;
  // Two digits of what changes, where it is little beside the value itself.
  const needed = spread > 0 ? 1 - Math.floor(Math.log10(spread) + 1e-9) : 0;
  const digits = Math.min(decimalsMax, Math.max(decimals, needed));
  const isPlain = Math.max(Math.abs(min), Math.abs(max)) * factor < plainMax && needed <= decimalsMax + 2;
  return {
    unit,
    show: (value) =>
      isPlain ? (value * factor).toFixed(digits).replace(/^-(0(\.0*)?)$/, '$1') : (value * factor).toPrecision(4),
  };
}

function decimalsOf(largest: number): number {
  if (largest >= 1000) return 0;
  return largest >= 100 ? 1 : 2;
}
