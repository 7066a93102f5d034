/** Characters that become one piece: what one turn of the event loop makes into bytes. */
const pieceCharacters = 65_536;

/** The members of a JSON array, without its brackets, as bytes that are made a piece at a time. */
export class JsonList {
  readonly #pieces: Buffer[] = [];
  #texts: string[] = [];
  #characters = 0;

  add(text: string): void {
    this.#texts.push(text);
    this.#characters += text.length;
    if (this.#characters >= pieceCharacters) this.#flush();
  }

  done(): readonly Buffer[] {
    if (this.#texts.length > 0) this.#flush();
    return this.#pieces;
  }

  #flush(): void {
    const text = this.#texts.join();
    this.#pieces.push(Buffer.from(this.#pieces.length === 0 ? text : `,${text}`));
    this.#texts = [];
    this.#characters = 0;
  }
}
