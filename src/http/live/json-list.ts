/** Characters that become one piece: what one turn of the event loop makes into bytes. */
const pieceCharacters = 65_536;

/** JSON in pieces: bytes where there is much of it, text where there is little. */
export type JsonPieces = readonly (string | Buffer)[];

/** The members of a JSON array, without its brackets, of which bytes are made a piece at a time. */
export class JsonList {
  readonly #pieces: (string | Buffer)[] = [];
  #texts: string[] = [];
  #characters = 0;

  add(text: string): void {
    this.#texts.push(text);
    this.#characters += text.length;
    if (this.#characters >= pieceCharacters) this.#pieces.push(Buffer.from(this.#take()));
  }

  done(): JsonPieces {
    if (this.#texts.length > 0) this.#pieces.push(this.#take());
    return this.#pieces;
  }

  #take(): string {
    const text = this.#texts.join();
    this.#texts = [];
    this.#characters = 0;
    return this.#pieces.length === 0 ? text : `,${text}`;
  }
}

/** All of it as bytes. Texts that follow one another become one piece. */
export function bytesOf(pieces: JsonPieces): readonly Buffer[] {
  const bytes: Buffer[] = [];
  let text = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    if (text !== '') bytes.push(Buffer.from(text));
    text = '';
    bytes.push(piece);
  }
  if (text !== '') bytes.push(Buffer.from(text));
  return bytes;
}
