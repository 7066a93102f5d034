/** How each word of docs/sensors.md for a temperature input reads in a sentence. */
const kinds: Readonly<Record<string, string>> = {
  package: "the processor's own sensor for its whole package",
  die: "the processor's own sensor on its die",
  control: "the processor's control temperature, which some models put an offset on for their fans",
  'CPU zone': "the board's zone for the CPU",
  'SoC zone': "the board's zone for the whole chip",
  'package zone': "the thermal zone of the processor's package",
  'DPTF zone': "the thermal zone of the platform's own framework for the CPU",
  core: 'a single core, since there is no sensor for the whole processor',
  CCD: 'one of the chiplets with cores, since there is no sensor for the whole processor',
  board: 'an input that the board names as the CPU',
  'ACPI zone': "a zone of the board's firmware: nothing nearer to the CPU has a plausible value",
};

/** Which sensor was taken for the CPU's, and why, after what its reading says: `hwmon2/temp1_input: package, hottest of 2`. */
export function choiceWords({ id, source }: { readonly id: string | undefined; readonly source: string | undefined }) {
  const name = id ?? 'The input without a name';
  if (source === undefined) return `${name} is the CPU's temperature. The unit does not say why.`;
  const [, place = '', rest = source] = /^([^:]+): (.*)$/.exec(source) ?? [];
  const [what = '', hottest = ''] = rest.split(', ');
  const [, inputs] = /^hottest of (\d+)$/.exec(hottest) ?? [];
  const among =
    inputs === undefined ? '' : ` It is the hottest of ${inputs}, and stands for them where one number is asked for.`;
  return `${name} is the CPU's temperature: ${kinds[what] ?? what}${place === '' ? '' : ` (${place})`}.${among}`;
}

/** Where there is none: what helps, after docs/sensors.md. */
export const absenceHelp: readonly (readonly [machine: string, help: string])[] = [
  ['Virtual machine', 'nothing on the machine itself: thermometers belong to its host. Run a client there.'],
  ['Linux, Intel', 'modprobe coretemp'],
  ['Linux, AMD', 'modprobe k10temp'],
  ['Linux, others', "a driver for the board's chip; sensors-detect of lm-sensors finds it."],
  ['Container', "the host's /sys and /proc below --root."],
  ['Windows', 'a board whose firmware has a real ACPI zone, and a client that runs as administrator.'],
  [
    'macOS',
    'the module macos-temperature-sensor (Apple silicon) or osx-temperature-sensor (Intel) next to the client.',
  ],
];
