export interface WindowOf {
  /** All lines. */
  readonly count: number;
  readonly lineHeight: number;
  /** How far it is scrolled, and how much of it is seen. */
  readonly top: number;
  readonly height: number;
  /** Lines above and below that are drawn before they are seen. */
  readonly margin: number;
}

/** Which lines of a long list are in the page: from `from`, before `to`. Lengths are CSS pixels. */
export function windowOf({ count, lineHeight, top, height, margin }: WindowOf): {
  readonly from: number;
  readonly to: number;
} {
  const first = Math.floor(Math.max(0, top) / lineHeight) - margin;
  const end = Math.ceil((Math.max(0, top) + Math.max(0, height)) / lineHeight) + margin;
  // A list that became shorter than it is scrolled still shows its end.
  const from = Math.max(0, Math.min(first, count - Math.ceil(Math.max(0, height) / lineHeight) - margin));
  return { from, to: Math.min(count, Math.max(end, from)) };
}

/** Where to scroll so that a line is wholly seen, `covered` pixels at the top being under a heading; as it is where it is seen already. */
export function scrollTo(
  index: number,
  {
    lineHeight,
    top,
    height,
    covered,
  }: { readonly lineHeight: number; readonly top: number; readonly height: number; readonly covered: number },
): number {
  const lineTop = index * lineHeight;
  if (lineTop < top) return lineTop;
  const least = lineTop + lineHeight - (height - covered);
  return Math.max(top, least);
}
