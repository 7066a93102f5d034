import { converse } from './conversation.ts';
import type { Peer } from './peer.ts';

/** Each reading a message of a stream on disk. JetStream writes it before it answers, and syncs the file every two minutes. */
export const nats: Peer = {
  name: 'NATS JetStream',
  program: 'nats-server',
  debianPackage: 'nats-server',
  dialect: 'nats',
  launch: ({ folder, port }) => ({
    args: ['--addr', '127.0.0.1', '--port', `${port}`, '--jetstream', '--store_dir', folder],
  }),
  async prepare(port) {
    const stream = {
      name: 'readings',
      subjects: ['readings.>'],
      storage: 'file',
      retention: 'limits',
      num_replicas: 1,
    };
    await ask(port, '$JS.API.STREAM.CREATE.readings', JSON.stringify(stream));
  },
  async count(port) {
    return Number(/"messages":\s*(\d+)/.exec(await ask(port, '$JS.API.STREAM.INFO.readings', ''))?.[1]);
  },
};

/** A request, as NATS makes one: a message with the subject on which its sender waits for the answer. */
async function ask(port: number, subject: string, data: string): Promise<string> {
  const text = `CONNECT {"verbose":false}\r\nSUB asked 1\r\nPUB ${subject} asked ${data.length}\r\n${data}\r\n`;
  const answer = await converse(port, text, (all) => /^MSG [^\r]*\r\n[^\r]*\r\n/m.test(all));
  if (answer.includes('"error"')) throw new Error(`${subject}: ${answer}`);
  return answer;
}
