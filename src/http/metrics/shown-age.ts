const offsetMsMax = 10_000;

/** Of all units that are online the ages lie around 0 by what the measured offset of the clock leaves, up to 2 s: no reading is from the future because of that. */
export function shownAgeSeconds(ageMs: number): number {
  return ageMs < 0 && ageMs > -offsetMsMax ? 0 : ageMs / 1000;
}
