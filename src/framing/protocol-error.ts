/** A peer broke the framing: nothing that follows on its connection can be read. Close that peer, count it, log it once. */
export class ProtocolError extends Error {
  readonly code = 'bad-frame';

  constructor(message: string) {
    super(message);
    this.name = 'ProtocolError';
  }
}
