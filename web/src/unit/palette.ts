/** How a line is drawn. */
export interface LineLook {
  readonly colour: string;
  /** Lengths of stroke and space in pixels; empty: a whole line. */
  readonly dash: readonly number[];
}

/**
 * Eight hues after Okabe and Ito ("Color Universal Design", 2008), moved for each ground until all have a contrast of 3:1 to it (WCAG 2.2, 1.4.11) and any two are far apart for eyes of every
 * kind; a test measures both.
 */
export const palettes: Readonly<Record<'light' | 'dark', readonly string[]>> = {
  light: ['#2443d4', '#ac2c00', '#177863', '#952e9e', '#c78410', '#3c91fc', '#5a3826', '#071557'],
  dark: ['#2684ff', '#db6d18', '#1de976', '#c868af', '#fdce25', '#b9ebff', '#94927a', '#fffcdb'],
};

/** The ninth line and those after it have the colours again, dashed. */
export function lookOf(index: number, dark: boolean): LineLook {
  const palette = palettes[dark ? 'dark' : 'light'];
  return { colour: palette[index % palette.length] ?? '#808080', dash: index < palette.length ? [] : [6, 4] };
}

/** The same, to lay over what is below. `part` is 0 to 1. */
export function faint(colour: string, part: number): string {
  return `${colour}${Math.round(part * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
