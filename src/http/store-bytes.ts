import type { ServerFacts } from './server-facts.ts';

/** The size of the store; undefined where it has no files, or cannot say: its other figures are worth telling then above all. */
export async function storeBytesOf(facts: Pick<ServerFacts, 'storeBytes'>): Promise<number | undefined> {
  try {
    return await facts.storeBytes();
  } catch {
    // A disk that cannot be asked is what `ready` tells of.
    return undefined;
  }
}
