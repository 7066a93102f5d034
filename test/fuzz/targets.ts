import type { Target } from './target.ts';

interface Listed {
  readonly name: string;
  /** Inputs that every run of the tests gives it beside the kept ones: what a second and a half allows. */
  readonly casesInTests: number;
  readonly load: () => Promise<Target>;
}

/** All that is fuzzed. Each is loaded in the process that it runs in, and nowhere else. */
export const targets: readonly Listed[] = [
  { name: 'decoder', casesInTests: 3_000, load: async () => (await import('./targets/decoder.ts')).decoder },
  {
    name: 'registration',
    casesInTests: 5_000,
    load: async () => (await import('./targets/registration.ts')).registration,
  },
  { name: 'proof', casesInTests: 5_000, load: async () => (await import('./targets/proof.ts')).proof },
  { name: 'readings', casesInTests: 4_000, load: async () => (await import('./targets/readings.ts')).readings },
  {
    name: 'server-session',
    casesInTests: 2_500,
    load: async () => (await import('./targets/server-session.ts')).serverSession,
  },
  {
    name: 'client-session',
    casesInTests: 2_500,
    load: async () => (await import('./targets/client-session.ts')).clientSession,
  },
  { name: 'http', casesInTests: 400, load: async () => (await import('./targets/http.ts')).http },
  {
    name: 'configuration',
    casesInTests: 250,
    load: async () => (await import('./targets/configuration.ts')).configuration,
  },
  { name: 'spool', casesInTests: 400, load: async () => (await import('./targets/spool.ts')).spool },
  { name: 'store', casesInTests: 20, load: async () => (await import('./targets/store.ts')).store },
  {
    name: 'event-stream',
    casesInTests: 1_000,
    load: async () => (await import('./targets/event-stream.ts')).eventStream,
  },
];

/** Targets that fall on purpose, for the tests of what watches them. */
const planted: readonly Listed[] = (['fault', 'hang', 'death'] as const).map((fall) => ({
  name: `planted-${fall}`,
  casesInTests: 0,
  load: async () => (await import('./targets/planted.ts')).planted(fall),
}));

export function targetNamed(name: string): Listed {
  const target = [...targets, ...planted].find((one) => one.name === name);
  if (target === undefined) {
    throw new Error(`there is no target ${name}; there are ${targets.map((one) => one.name).join(', ')}`);
  }
  return target;
}
