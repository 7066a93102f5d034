import { signal, type ReadonlySignal } from '@preact/signals';

/** The colours of the page as a canvas wants them: it knows no variables. */
export interface ChartTheme {
  readonly dark: boolean;
  readonly ground: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly font: string;
}

const now = signal<ChartTheme | undefined>(undefined);

/** Undefined until somebody looks (`watchTheme`). */
export const chartTheme: ReadonlySignal<ChartTheme | undefined> = now;

/** Keeps `chartTheme` right while the reader, or the evening, changes it. The result stops it. */
export function watchTheme(): () => void {
  const look = (): void => {
    now.value = themeNow();
  };
  look();
  const preference = matchMedia('(prefers-color-scheme: dark)');
  preference.addEventListener('change', look);
  const chosen = new MutationObserver(look);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    preference.removeEventListener('change', look);
    chosen.disconnect();
  };
}

/** Only an element says what `light-dark()` has come to. */
function themeNow(): ChartTheme {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const ground = colour('surface');
  const [red = 255, green = 255, blue = 255] = (ground.match(/\d+/g) ?? []).map(Number);
  const theme = {
    dark: red + green + blue < 384,
    ground,
    text: colour('text'),
    quiet: colour('text-quiet'),
    line: colour('line'),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
  };
  probe.remove();
  return theme;
}
