/** Counts what queries could not read of the store and left out, for whoever asks how the server is. */
export class StoreDamage {
  #leftOut = 0;

  /** Blocks and chunks since the start; one that many queries come upon counts as often. */
  get leftOut(): number {
    return this.#leftOut;
  }

  add(count: number): void {
    this.#leftOut += count;
  }

  /** Sentences for a person; none while everything could be read. */
  get notes(): readonly string[] {
    if (this.#leftOut === 0) return [];
    return [
      'the store is damaged: queries leave out what they cannot read; telemetryctl store check tells what that is',
    ];
  }
}
