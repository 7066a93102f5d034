import type { Link, LinkEvents } from '../../src/transport/link.ts';

/** A connection of which a test plays the peer. */
export class PlayedLink implements Link {
  readonly localAddress = '192.0.2.1';
  readonly localPort = 34_567;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly binding = '-';
  events: LinkEvents | undefined;
  /** All that was written to the peer. */
  written = '';
  /** What happened to it, but for writes. */
  readonly done: string[] = [];
  isReading = true;
  /** What `write` answers. */
  takes = true;

  constructor(peerAddress = '192.0.2.7', peerPort = 40_000) {
    this.peerAddress = peerAddress;
    this.peerPort = peerPort;
  }

  get isDestroyed(): boolean {
    return this.done.includes('destroyed');
  }

  listen(events: LinkEvents): void {
    this.events = events;
  }

  write(bytes: Uint8Array): boolean {
    this.written += new TextDecoder().decode(bytes);
    return this.takes;
  }

  end(): void {
    this.done.push('ended');
  }

  destroy(): void {
    this.done.push('destroyed');
    this.events = undefined;
  }

  pause(): void {
    this.isReading = false;
  }

  resume(): void {
    this.isReading = true;
  }

  /** The peer sends these bytes, in one piece. */
  send(text: string): void {
    this.events?.data(new TextEncoder().encode(text));
  }
}
