const oneDecimal = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const plain = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });

/** All in the reader's language. */
export function celsius(value: number): string {
  return `${oneDecimal.format(value)} °C`;
}

export function ratio(value: number): string {
  return percent.format(value);
}

export function count(value: number): string {
  return whole.format(value);
}

const binaryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

export function bytes(value: number): string {
  let shown = value;
  let index = 0;
  while (Math.abs(shown) >= 1_024 && index < binaryUnits.length - 1) {
    shown /= 1_024;
    index += 1;
  }
  const text = index === 0 || Math.abs(shown) >= 100 ? whole.format(shown) : oneDecimal.format(shown);
  return `${text} ${binaryUnits[index] ?? 'B'}`;
}

/** A value of any sensor by its name on the wire, where no more is known of it. */
export function anyValue(name: string, value: number): string {
  if (name === 'celsius' || name.endsWith('_celsius')) return celsius(value);
  if (name === 'utilisation' || name.endsWith('_ratio')) return ratio(value);
  if (byteNames.has(name) || name.endsWith('_bytes')) return bytes(value);
  return plain.format(value);
}

const byteNames = new Set(['used', 'available', 'total', 'swap_used', 'swap_total']);
