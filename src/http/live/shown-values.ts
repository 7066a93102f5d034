/** To the hundredth of a percent: more is not shown, and costs bytes. */
export function shownRatio(value = Number.NaN): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
}

/** To the tenth of a degree. */
export function shownCelsius(value = Number.NaN): number {
  return Math.round(value * 10) / 10;
}
