import type { TemperatureInput } from './input.ts';

/** Degrees Celsius at and above which silicon has long switched itself off. */
const hottestCelsius = 150;
const absoluteZeroCelsius = -273.15;

/**
 * What firmware answers where no thermometer is wired: 2900 and 3010 tenths of a kelvin, which readers turn into 16.8 or 16.85
 * and 27.8 or 27.85, depending on the zero point that they take. The same in an input that moves is a temperature like any other.
 */
const acpiConstantsCelsius = [16.8, 16.85, 27.8, 27.85] as const;

/** Super-I/O chips convert an open input to the end of their scale, 127 or 127.5 or 128. */
const superIo = /^(nct\d|w83|it8\d|f718|f81|sch\d|asus|nzxt|gigabyte)/;

/**
 * Why this cannot be a temperature, for a person; undefined where it can. `moved`: the input has shown another value before.
 */
export function implausible(input: TemperatureInput, celsius: number, moved: boolean): string | undefined {
  if (input.fault) return 'its driver reports a fault: nothing is connected';
  if (!Number.isFinite(celsius)) return 'not a number';
  if (celsius < absoluteZeroCelsius) return 'below absolute zero';
  if (celsius === absoluteZeroCelsius) return 'absolute zero: the firmware has no thermometer there';
  if (celsius <= 0) return '0 °C or less: no running machine has that';
  if (celsius >= hottestCelsius) return `${hottestCelsius} °C or more: no running machine has that`;
  if (input.chip.startsWith('int3400'))
    return 'the zone of a controller without a thermometer, which says 20 °C for ever';
  if (celsius >= 127 && celsius <= 128 && superIo.test(input.chip)) return 'the end of its scale: nothing is connected';
  if (isAcpiZone(input) && !moved && acpiConstantsCelsius.some((constant) => Math.abs(celsius - constant) < 0.001)) {
    return 'the constant that firmware answers where no thermometer is wired';
  }
  return undefined;
}

function isAcpiZone(input: TemperatureInput): boolean {
  return input.chip === 'acpitz' || input.chip === 'acpi';
}
