/** A value of a stretch of time. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly value: number;
}

export interface SparkFrame {
  readonly fromMs: number;
  readonly toMs: number;
  readonly width: number;
  readonly height: number;
  /** The value at the top; the bottom is 0. */
  readonly top: number;
}

/** The line of an SVG path: a point at the end of each stretch; where stretches do not join there is a hole. */
export function sparkPath(stretches: readonly Stretch[], { fromMs, toMs, width, height, top }: SparkFrame): string {
  const x = (ms: number): string => (((ms - fromMs) / (toMs - fromMs)) * width).toFixed(1);
  const y = (value: number): string => (height - (top > 0 ? value / top : 0) * height).toFixed(1);
  let endMs = Number.NaN;
  return stretches
    .map((stretch) => {
      const start = stretch.fromMs === endMs ? '' : `M${x(stretch.fromMs)} ${y(stretch.value)}`;
      endMs = stretch.toMs;
      return `${start}L${x(stretch.toMs)} ${y(stretch.value)}`;
    })
    .join('');
}
