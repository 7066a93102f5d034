import type { Line } from './line.ts';
import { valueKind, type ValueKind } from './value-kind.ts';

/** Lines that are drawn in one chart: of one kind of value, so that they share an axis. */
export interface ChartGroup {
  readonly key: string;
  readonly title: string;
  readonly kind: ValueKind;
  readonly lines: readonly LabelledLine[];
}

export interface LabelledLine extends Line {
  /** What tells it from the others of its chart. */
  readonly label: string;
}

/** Eight colours, each of them whole and dashed. A machine with more thermometers has several charts of them. */
export const linesAChartMax = 16;

interface Known {
  readonly sensor: string;
  readonly names: readonly string[];
  readonly title: string;
}

/** In this order, and before all others. */
const known: readonly Known[] = [
  { sensor: 'cpu_temp', names: ['celsius'], title: 'CPU temperature' },
  { sensor: 'temp', names: ['celsius'], title: 'Other temperatures' },
  { sensor: 'cpu', names: ['utilisation'], title: 'CPU utilisation' },
  { sensor: 'cpu', names: ['load1', 'load5', 'load15', 'cores'], title: 'CPU load' },
  { sensor: 'ram', names: ['used', 'available', 'total'], title: 'Memory' },
  { sensor: 'ram', names: ['used_ratio'], title: 'Memory in use' },
  { sensor: 'ram', names: ['swap_used', 'swap_total'], title: 'Swap' },
  { sensor: 'disk', names: ['used_ratio'], title: 'Disks in use' },
  { sensor: 'agent', names: ['backlog'], title: 'Readings in the spool' },
];

/** Labels of readings that were dropped, not measurements. */
const neverDrawn = new Set(['agent:dropped_from', 'agent:dropped_to']);

export function chartGroups(lines: readonly Line[]): readonly ChartGroup[] {
  const drawn = lines.filter(({ sensor, name }) => !neverDrawn.has(`${sensor}:${name}`));
  const groups = known.flatMap(({ sensor, names, title }) => {
    const own = drawn
      .filter((line) => line.sensor === sensor && names.includes(line.name))
      .toSorted((one, other) => names.indexOf(one.name) - names.indexOf(other.name));
    return partsOf({ key: `${sensor}:${names[0] ?? ''}`, title, lines: own });
  });
  const others = Map.groupBy(drawn.filter(isUnknown), otherKey);
  const rest = [...others].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return [...groups, ...rest.flatMap(([key, own]) => partsOf({ key, title: otherTitle(own), lines: own }))];
}

function isUnknown({ sensor, name }: Line): boolean {
  return !known.some((entry) => entry.sensor === sensor && entry.names.includes(name));
}

/** Values whose unit is known share a chart; of others nobody can say whether they are of one size. */
function otherKey({ sensor, name }: Line): string {
  const kind = valueKind(name);
  return `${sensor}:${kind === 'plain' ? name : kind}`;
}

function otherTitle(lines: readonly Line[]): string {
  const names = new Set(lines.map(({ name }) => name));
  const sensor = spaced(lines[0]?.sensor ?? '');
  return names.size === 1 ? `${sensor}: ${spaced([...names].join(''))}` : sensor;
}

function partsOf({ key, title, lines }: Pick<ChartGroup, 'key' | 'title'> & { readonly lines: readonly Line[] }) {
  const partsCount = Math.ceil(lines.length / linesAChartMax);
  return Array.from({ length: partsCount }, (_, part): ChartGroup => {
    const own = lines.slice(part * linesAChartMax, (part + 1) * linesAChartMax);
    return {
      key: part === 0 ? key : `${key}#${part + 1}`,
      title: partsCount === 1 ? title : `${title}, ${part + 1} of ${partsCount}`,
      kind: valueKind(own[0]?.name ?? ''),
      lines: own.map((line) => labelled(line, lines)),
    };
  });
}

function labelled(line: Line, among: readonly Line[]): LabelledLine {
  return { ...line, label: labelOf(line, among) };
}

function labelOf({ id, name }: Line, among: readonly Line[]): string {
  const named = among.some((other) => other.name !== name);
  if (id === undefined) return spaced(name);
  return named ? `${id} ${spaced(name)}` : id;
}

function spaced(name: string): string {
  return name.replaceAll('_', ' ');
}
