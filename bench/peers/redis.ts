import { converse } from './conversation.ts';
import type { Peer } from './peer.ts';
import { command } from './redis-dialect.ts';

const countAll = `local n = 0 for _, key in ipairs(redis.call('KEYS', '*')) do n = n + redis.call('XLEN', key) end return n`;

/** Each reading an entry of a stream, in a file that is synced before the answer. All of it is in memory too. */
export const redis: Peer = {
  name: 'Redis',
  program: 'redis-server',
  debianPackage: 'redis-server',
  dialect: 'redis',
  launch: ({ folder, port }) => ({
    // A rewrite of the file would be another process, which is not measured.
    args: `--port ${port} --bind 127.0.0.1 --tcp-backlog 4096 --appendonly yes --appendfsync always --auto-aof-rewrite-percentage 0`
      .split(' ')
      .concat('--dir', folder, '--save', ''),
  }),
  async prepare(port) {
    await ask(port, 'PING');
  },
  async count(port) {
    return Number((await ask(port, 'EVAL', countAll, '0')).slice(1));
  },
};

async function ask(port: number, ...words: readonly string[]): Promise<string> {
  const answer = await converse(port, command(...words), (text) => text.endsWith('\r\n'));
  if (answer.startsWith('-')) throw new Error(`${words[0]}: ${answer}`);
  return answer;
}
