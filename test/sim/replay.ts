import type { Outcome } from './world.ts';

/** How to see one world again, event by event. */
export function replayCommand(seed: number): string {
  return `npm run test:sim -- --seed ${seed} --worlds 1 --trace`;
}

/** What a person needs who has to find out why: the seed, what was wrong, what came before, how to see it again. */
export function report({ seed, failure, lines }: Outcome): string {
  const last = lines.map((line) => `    ${line.length > 300 ? `${line.slice(0, 300)}…` : line}`);
  return [...last, `seed ${seed} ${failure ?? 'is well'}`, `  again: ${replayCommand(seed)}`].join('\n');
}
