import { attackers, type Attack, type Reaped } from './attackers.ts';

// One attacker in a process of its own: `node attack-role.ts ATTACK`, as JSON. Prints what came of it so far, a line a second, and ends on SIGTERM and when standard input does.

const attack = JSON.parse(process.argv[2] ?? '') as Attack;
const reaped: Reaped = { begun: 0, refused: 0, open: 0, openMax: 0 };
attackers[attack.kind](attack, reaped);
const tell = (): void => void process.stdout.write(`${JSON.stringify({ kind: attack.kind, ...reaped })}\n`);
const end = (): void => {
  tell();
  process.exit(0);
};
tell();
setInterval(tell, 1_000);
process.once('SIGTERM', end);
process.stdin.resume().on('end', end);
