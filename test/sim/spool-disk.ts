import type { SpoolFile, SpoolFolder } from '../../src/client/spool/folder.ts';
import { systemError } from '../client/spool/folder-in-memory.ts';
import type { Ending, Process } from './process.ts';
import type { SimulatedFile } from './spool-file.ts';
import { SpoolFiles } from './spool-files.ts';
import { parseSegment } from './spool-records.ts';
import type { Stage } from './stage.ts';

export type SpoolAct = 'list' | 'read' | 'create' | 'open' | 'append' | 'truncate' | 'sync' | 'rename' | 'remove';

/** How a client's disk behaves for now. */
export interface SpoolDiskHealth {
  readonly delayMs: { readonly from: number; readonly to: number };
  /** How likely an act fails. */
  readonly failure: number;
  readonly full: boolean;
}

export const goodSpoolDisk: SpoolDiskHealth = { delayMs: { from: 0.05, to: 3 }, failure: 0, full: false };

/** Who keeps books of what the spool does to its files. Labels are of readings in them. */
export interface SpoolDiskWatch {
  /** A segment is deleted. What is `elsewhere` is in other segments. */
  removing(labels: readonly string[], elsewhere: ReadonlySet<string>): void;
  /** A file is set aside; it `couldBeRead` as far as the disk is concerned. */
  settingAside(labels: readonly string[], couldBeRead: boolean): void;
}

/** The program dies in the midst of the act that is so many acts away. */
export interface Ambush {
  acts: number;
  readonly strike: (act: SpoolAct) => void;
}

interface Act<Result> {
  readonly process: Process;
  readonly kind: SpoolAct;
  readonly name: string;
  readonly effect: () => Result;
  /** What may be left of it when it fails or is cut short. */
  readonly inPart?: () => void;
}

/** The system writes by itself what is that old. */
const writeBackMs = { from: 5_000, to: 35_000 };
/** How likely an act that is under way when its program ends is done all the same, or in part. */
const fates = { done: 0.4, inPart: 0.3 };

/** The disk below a client's spool: it takes its time, fails, and is there when the program is not any more. */
export class SpoolDisk {
  readonly files: SpoolFiles;
  health: SpoolDiskHealth = goodSpoolDisk;
  ambush: Ambush | undefined;
  watch: SpoolDiskWatch | undefined;
  readonly #stage: Stage;
  readonly #name: string;
  /** Acts that the system is about, with what becomes of them when the program ends. */
  readonly #underWay = new Map<() => void, () => void>();
  #writtenBackMs = 0;
  /** Files that could not be read, in this run of the program. */
  readonly #unread = new Set<string>();
  #hasFailed = false;
  /** Files that the program has told the disk to delete. */
  readonly #leaving = new Set<string>();

  /** `name` is its machine's. */
  constructor(stage: Stage, name: string, files = new SpoolFiles()) {
    this.#stage = stage;
    this.#name = name;
    this.files = files;
  }

  /** An act has failed in this run of the program. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** What the program lets its segments have. */
  get bytes(): number {
    return this.files.bytesBut(this.#leaving);
  }

  /** The program could not read this file. */
  wasUnreadable(name: string): boolean {
    return this.#unread.has(name);
  }

  /** The folder as a program that has just started sees it. */
  folder(process: Process): SpoolFolder {
    this.#unread.clear();
    this.#hasFailed = false;
    const { files } = this;
    const act = <Result>(kind: SpoolAct, name: string, effect: () => Result): Promise<Result> =>
      this.#act({ process, kind, name, effect });
    return {
      list: () => act('list', '', () => files.names.toReversed()),
      read: (name) => act('read', name, () => Buffer.from(files.file(name).bytes)),
      create: (name) => act('create', name, () => this.#handle(process, name, files.create(name))),
      open: (name) => act('open', name, () => this.#handle(process, name, files.file(name))),
      rename: (name, newName) => {
        this.#settingAside(name);
        return act('rename', name, () => files.rename(name, newName));
      },
      remove: (name) => {
        this.watch?.removing(files.labelsIn(name), files.labels(name));
        this.#leaving.add(name);
        return act('remove', name, () => files.remove(name));
      },
      sync: () => act('sync', '', () => files.syncNames()),
    };
  }

  /** The program is gone. What it had under way is done, or in part, or not at all; and with the power goes what was not synced. */
  end(way: Ending): void {
    for (const give of this.#underWay.values()) give();
    this.#underWay.clear();
    this.#leaving.clear();
    if (way === 'power') this.files.losePower(this.#stage.random);
  }

  heal(): void {
    this.health = goodSpoolDisk;
    this.ambush = undefined;
    for (const task of this.#underWay.keys()) this.#later(task);
  }

  copy(): SpoolDisk {
    return new SpoolDisk(this.#stage, `${this.#name}-copy`, this.files.copy());
  }

  #settingAside(name: string): void {
    const { files } = this;
    const couldBeRead = !this.#unread.has(name) && !parseSegment(name, files.file(name).bytes).headless;
    this.watch?.settingAside(files.labelsIn(name), couldBeRead);
  }

  #handle(process: Process, name: string, file: SimulatedFile): SpoolFile {
    const act = (kind: SpoolAct, effect: () => void, inPart = (): void => undefined): Promise<void> =>
      this.#act({ process, kind, name, effect, inPart });
    return {
      append: (text) => {
        const bytes = Buffer.from(text);
        const inPart = (): void => file.append(bytes.subarray(0, this.#stage.random.integer(0, bytes.length)));
        return act('append', () => file.append(bytes), inPart);
      },
      truncate: (bytes) => act('truncate', () => file.truncate(bytes)),
      sync: () => act('sync', () => file.sync()),
      close: () => Promise.resolve(),
    };
  }

  /** Does it when the disk has come to it. */
  #act<Result>({ process, kind, name, effect, inPart = () => undefined }: Act<Result>): Promise<Result> {
    const { random } = this.#stage;
    const code = this.#fault(kind);
    const ambush = this.#ambushed();
    return new Promise((resolve, reject) => {
      const perform = (): void => {
        try {
          const result = effect();
          process.run(() => resolve(result));
        } catch (error) {
          process.run(() => reject(error instanceof Error ? error : new Error(String(error))));
        }
      };
      const task = (): void => {
        if (this.#underWay.has(task)) ambush?.strike(kind);
        if (!this.#underWay.delete(task)) return;
        this.#writeBack();
        const what = `${this.#name} ${kind} ${name}`.trimEnd();
        this.#stage.record(code === undefined ? what : `${what} fails: ${code}`);
        if (code === undefined) {
          perform();
          return;
        }
        this.#hasFailed = true;
        if (kind === 'read') this.#unread.add(name);
        inPart();
        process.run(() => reject(systemError(code)));
      };
      this.#underWay.set(task, () => {
        const fate = random.next();
        if (fate < fates.done) perform();
        else if (fate < fates.done + fates.inPart) inPart();
      });
      this.#later(task);
    });
  }

  #fault(kind: SpoolAct): string | undefined {
    const { failure, full } = this.health;
    if (this.#stage.random.chance(failure)) return 'EIO';
    return full && (kind === 'append' || kind === 'create') ? 'ENOSPC' : undefined;
  }

  /** Who waits for this act, and dies in it. */
  #ambushed(): Ambush | undefined {
    const { ambush } = this;
    if (ambush === undefined) return undefined;
    ambush.acts -= 1;
    if (ambush.acts >= 0) return undefined;
    this.ambush = undefined;
    return ambush;
  }

  #later(task: () => void): void {
    const { from, to } = this.health.delayMs;
    this.#stage.timeline.after(this.#stage.random.between(from, to), task);
  }

  #writeBack(): void {
    const { nowMs, random } = this.#stage;
    if (nowMs < this.#writtenBackMs) return;
    this.#writtenBackMs = nowMs + random.between(writeBackMs.from, writeBackMs.to);
    this.files.syncAll();
  }
}
