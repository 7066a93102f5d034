/**
 * The load: many units, each with a connection of its own and at most one reading on its way. A process of its own, whose parent gives the plan as its
 * argument, hears when all units are ready, and then asks for one pace after the other.
 */
import { dialects } from './dialects.ts';
import { createLoadKey } from './load-key.ts';
import { closedLoop, openLoop, type Pace, type PaceOptions } from './load-pace.ts';
import { LoadUnit } from './load-unit.ts';
import type { LoadPlan, LoadReply, LoadRequest } from './load.ts';

const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan;
const { port, dialect, scheme, connections, name, nameStride, subnet, diallingMax, readingsASend } = plan;
/** The more of an address's ports are taken, the longer the kernel looks for the next. */
const unitsAnAddress = 2_000;
/** Made before the clock starts, as a machine's is when it comes back. */
const keys = Array.from({ length: scheme === 'tls' ? connections : 0 }, createLoadKey);
let startedMs = performance.now();
const units: LoadUnit[] = [];
let ready = 0;
let pace: Pace | undefined;

const paceOptions: PaceOptions = {
  units: connections,
  send: (unit) => units[unit]?.send(),
  done: (result) => reply({ type: 'done', result }),
};

function dial(): void {
  const number = units.length;
  units.push(
    new LoadUnit({
      number,
      name: `${name}-${(number * nameStride) % connections}`,
      port,
      address: subnet === undefined ? undefined : `${subnet}.${1 + Math.floor(number / unitsAnAddress)}`,
      scheme,
      key: keys[number],
      dialect: dialects[dialect],
      readingsASend,
      ready: () => {
        ready += 1;
        if (ready === connections) reply({ type: 'ready', elapsedMs: performance.now() - startedMs });
        else if (units.length < connections) dial();
      },
      answered: () => pace?.answered(number),
    }),
  );
}

function reconnect(): void {
  for (const unit of units) unit.cut();
  ready = 0;
  startedMs = performance.now();
  for (const unit of units) unit.dialAgain();
}

function reply(message: LoadReply): void {
  process.send?.(message);
}

process.on('message', (request: LoadRequest) => {
  if (request.type === 'rest') return pace?.rest();
  if (request.type === 'reconnect') return reconnect();
  pace = request.type === 'closed' ? closedLoop(request.frames, paceOptions) : openLoop(request.pace, paceOptions);
  pace.begin();
});
process.on('disconnect', () => process.exit());
while (units.length < Math.min(connections, diallingMax)) dial();
