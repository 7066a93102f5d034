/** The temperature in a line of a v1 frame, or nothing. */
export function parseV1Line(line: string): readonly number[] {
  const match = /^CPU temperature: (-?\d+(?:\.\d+)?)$/.exec(line);
  return match === null ? [] : [Number(match[1])];
}
