/** Enough for the longest input, where an attempt is quick; else the time is the bound. */
const attemptsMax = 20_000;
const attemptMsMax = 3_000;

/** A smaller input that falls as well, found by leaving out parts: halves first, then ever smaller ones. */
export async function shrunk(input: Uint8Array, falls: (smaller: Uint8Array) => Promise<boolean>): Promise<Uint8Array> {
  const endMs = performance.now() + attemptMsMax;
  let least = input;
  let attempts = 0;
  for (let partBytes = Math.ceil(least.length / 2); partBytes >= 1; partBytes = Math.floor(partBytes / 2)) {
    for (let at = 0; at < least.length;) {
      if (attempts >= attemptsMax || performance.now() > endMs) return least;
      attempts += 1;
      const smaller = Buffer.concat([least.subarray(0, at), least.subarray(at + partBytes)]);
      if (await falls(smaller)) least = smaller;
      else at += partBytes;
    }
  }
  return least;
}
