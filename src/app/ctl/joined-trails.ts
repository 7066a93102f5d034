import type { Trails } from '../../api/contract.ts';

type Trail = Trails['units'][string];

/** Trails that were asked for one after the other, as if at once: an hour that began a minute earlier ends without its last minute. */
export function joinedTrails(parts: readonly Trails[]): Trails {
  const last = parts.at(-1);
  if (last === undefined) return { from: 0, step: 60, units: {} };
  const { from, step } = last;
  const units = parts.flatMap((part) => {
    const steps = Math.round((from - part.from) / (step * 1000));
    return Object.entries(part.units).map(([clientId, trail]) => [clientId, later(trail, steps)] as const);
  });
  return { from, step, units: Object.fromEntries(units) };
}

function later(trail: Trail, steps: number): Trail {
  if (steps === 0) return trail;
  const moved = (values: Trail['ram']): Trail['ram'] => [
    ...values.slice(steps),
    ...values.slice(0, steps).map(() => null),
  ];
  return { cpu_temp: moved(trail.cpu_temp), ram: moved(trail.ram), disk: moved(trail.disk), cpu: moved(trail.cpu) };
}
