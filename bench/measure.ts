/** What each measurement is given. */
export interface MeasureOptions {
  /** The folder of the unpacked package. */
  readonly packed: string;
  /** A folder for what the programs under measurement write; removed at the end. */
  readonly folder: string;
  /** Fewer and shorter runs: to see whether something has changed, not to be quoted. */
  readonly quick: boolean;
  /** Tells a person how far it has got. */
  readonly say: (text: string) => void;
}
