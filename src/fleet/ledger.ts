/** What one unit was answered: readings 1 to `acknowledged` of its epoch, without a hole, but for those that were refused. */
export interface LedgerLine {
  readonly unit: string;
  /** Undefined where it never registered. */
  readonly client_id: string | undefined;
  readonly epoch: string;
  readonly acknowledged: number;
  /** The highest number that was ever sent: those above `acknowledged` may be stored or not. */
  readonly sent: number;
  /** Numbers that the server refused, at most a hundred. */
  readonly refused: readonly number[];
}

/** The ledger as a file: one unit a line, as JSON. */
export function ledgerText(lines: readonly LedgerLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
