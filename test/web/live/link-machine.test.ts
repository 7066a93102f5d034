import { describe, expect, it } from 'vitest';
import { LinkMachine, type LinkAction, type LinkInput } from '../../../web/src/live/link-machine.ts';

/** A link with its world: a clock that is moved by hand. */
class Bench {
  readonly machine = new LinkMachine({ random: () => 1 });
  nowMs = 1_000_000;

  take(input: LinkInput): readonly LinkAction[] {
    return this.machine.handle(input, this.nowMs);
  }

  /** Lets time pass, with the wakes that the machine wants on the way; what it did. */
  pass(ms: number): readonly LinkAction[] {
    const endMs = this.nowMs + ms;
    const done: LinkAction[] = [];
    for (let wakes = 0; wakes < 1_000; wakes += 1) {
      const dueMs = this.machine.deadlineMs;
      if (dueMs === undefined || dueMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, dueMs);
      done.push(...this.take({ type: 'wake' }));
    }
    this.nowMs = endMs;
    return done;
  }

  live(): this {
    this.take({ type: 'start' });
    this.take({ type: 'session', answer: 'known' });
    this.take({ type: 'opened' });
    this.take({ type: 'heard', event: 'fleet' });
    return this;
  }
}

const typesOf = (actions: readonly LinkAction[]): readonly string[] => actions.map(({ type }) => type);
const linkIn = (actions: readonly LinkAction[]): unknown => actions.findLast((action) => action.type === 'link')?.link;

describe('the link of the page', () => {
  it('asks who looks first, and opens the stream for those that the server knows', () => {
    const bench = new Bench();
    expect(bench.take({ type: 'start' })).toEqual([{ type: 'ask-session' }]);
    expect(bench.take({ type: 'session', answer: 'known' })).toEqual([{ type: 'open', unit: undefined }]);
  });

  it('opens nothing for a stranger, until it is started again', () => {
    const bench = new Bench();
    bench.take({ type: 'start' });
    expect(bench.take({ type: 'session', answer: 'stranger' })).toEqual([]);
    expect(bench.machine.deadlineMs).toBeUndefined();
    expect(bench.take({ type: 'start' })).toEqual([{ type: 'ask-session' }]);
  });

  it('is live when the fleet has come, and not when the stream was only opened', () => {
    const bench = new Bench();
    bench.take({ type: 'start' });
    bench.take({ type: 'session', answer: 'known' });
    expect(bench.take({ type: 'opened' })).toEqual([]);
    expect(linkIn(bench.take({ type: 'heard', event: 'fleet' }))).toEqual({ name: 'live' });
  });

  it('is stale since it last heard as soon as the stream breaks, and live when it has come back', () => {
    const bench = new Bench().live();
    const heardMs = bench.nowMs;
    bench.pass(3_000);
    expect(bench.take({ type: 'broken', final: false })).toEqual([
      { type: 'link', link: { name: 'stale', sinceMs: heardMs } },
    ]);
    expect(linkIn(bench.take({ type: 'opened' }))).toEqual({ name: 'live' });
  });

  it('leaves a broken stream to the browser for 45 s, then looks for the server itself', () => {
    const bench = new Bench().live();
    bench.take({ type: 'broken', final: false });
    expect(bench.pass(44_999)).toEqual([]);
    expect(bench.take({ type: 'wake' })).toEqual([]);
    expect(typesOf(bench.pass(1))).toEqual(['close']);
  });

  it('asks whether the server is there when nothing has come for 15 s, and stays live by its answer', () => {
    const bench = new Bench().live();
    expect(bench.pass(14_999)).toEqual([]);
    expect(bench.pass(1)).toEqual([{ type: 'ask-alive' }]);
    expect(bench.take({ type: 'alive' })).toEqual([]);
    expect(typesOf(bench.pass(15_000))).toEqual(['ask-alive']);
    bench.take({ type: 'alive' });
    expect(typesOf(bench.pass(44_000))).not.toContain('link');
  });

  it('is stale after 45 s without any sign, and looks for the server again', () => {
    const bench = new Bench().live();
    const heardMs = bench.nowMs;
    expect(typesOf(bench.pass(44_999))).toEqual(['ask-alive', 'ask-alive']);
    expect(bench.pass(1)).toEqual([{ type: 'close' }, { type: 'link', link: { name: 'stale', sinceMs: heardMs } }]);
    expect(typesOf(bench.pass(2_000))).toEqual(['ask-session']);
  });

  it('opens a stream that was silent for two minutes anew, without a word of it', () => {
    const bench = new Bench().live();
    const done: LinkAction[] = [];
    for (let seconds = 0; seconds < 120; seconds += 10) {
      done.push(...bench.pass(10_000));
      bench.take({ type: 'alive' });
    }
    expect(typesOf(done).filter((type) => type !== 'ask-alive')).toEqual(['close', 'open']);
    expect(bench.take({ type: 'heard', event: 'fleet' })).toEqual([]);
  });

  it('waits 2 s to 30 s, longer each time, between tries at a server that does not answer', () => {
    const bench = new Bench().live();
    bench.take({ type: 'broken', final: true });
    const waits: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      waits.push((bench.machine.deadlineMs ?? 0) - bench.nowMs);
      expect(typesOf(bench.pass(waits.at(-1) ?? 0))).toEqual(['ask-session']);
      bench.take({ type: 'session', answer: 'unreachable' });
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('closes the stream of a tab that nobody has seen for a minute, and opens it when it is seen', () => {
    const bench = new Bench().live();
    bench.take({ type: 'hidden' });
    for (let seconds = 0; seconds < 50; seconds += 10) {
      bench.pass(10_000);
      bench.take({ type: 'heard', event: 'changes' });
    }
    const heardMs = bench.nowMs;
    expect(bench.pass(10_000)).toEqual([
      { type: 'close' },
      { type: 'link', link: { name: 'stale', sinceMs: heardMs } },
    ]);
    expect(bench.machine.deadlineMs).toBeUndefined();
    expect(bench.take({ type: 'seen' })).toEqual([{ type: 'open', unit: undefined }]);
    expect(linkIn(bench.take({ type: 'heard', event: 'fleet' }))).toEqual({ name: 'live' });
  });

  it('keeps the stream of a tab that is seen again within a minute', () => {
    const bench = new Bench().live();
    bench.take({ type: 'hidden' });
    bench.pass(10_000);
    expect(bench.take({ type: 'seen' })).toEqual([]);
    for (let seconds = 0; seconds < 80; seconds += 10) {
      bench.take({ type: 'heard', event: 'changes' });
      expect(typesOf(bench.pass(10_000))).toEqual([]);
    }
  });

  it('changes streams to watch a unit, and looks live meanwhile for at most 2 s', () => {
    const bench = new Bench().live();
    expect(bench.take({ type: 'watch', unit: 'a' })).toEqual([{ type: 'close' }, { type: 'open', unit: 'a' }]);
    expect(bench.take({ type: 'watch', unit: 'a' })).toEqual([]);
    expect(linkIn(bench.pass(2_000))).toMatchObject({ name: 'stale' });
    expect(linkIn(bench.take({ type: 'heard', event: 'fleet' }))).toEqual({ name: 'live' });
  });

  it('opens the stream about a unit that was asked for before there was one', () => {
    const bench = new Bench();
    expect(bench.take({ type: 'watch', unit: 'a' })).toEqual([]);
    bench.take({ type: 'start' });
    expect(bench.take({ type: 'session', answer: 'known' })).toEqual([{ type: 'open', unit: 'a' }]);
  });

  it('ends with the login, and says nothing of before', () => {
    const bench = new Bench().live();
    expect(bench.take({ type: 'stop' })).toEqual([{ type: 'close' }, { type: 'link', link: { name: 'connecting' } }]);
    expect(bench.pass(600_000)).toEqual([]);
  });
});
