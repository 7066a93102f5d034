import type { JSX } from 'preact';
import { theme, type Theme } from './theme.ts';

const next: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

const shapes: Readonly<Record<Theme, JSX.Element>> = {
  auto: (
    <>
      <circle cx="8" cy="8" r="6.5" />
      <path class="shell-filled" d="M8 1.5a6.5 6.5 0 0 0 0 13Z" />
    </>
  ),
  light: (
    <path d="M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 .8v2M8 13.2v2M.8 8h2M13.2 8h2M2.9 2.9l1.4 1.4M11.7 11.7l1.4 1.4M13.1 2.9l-1.4 1.4M4.3 11.7l-1.4 1.4" />
  ),
  dark: <path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z" />,
};

/** Automatic, light, dark, and around again. */
export function ThemeSwitch(): JSX.Element {
  const now = theme.value;
  return (
    <button
      type="button"
      class="shell-icon-button"
      aria-label={`Theme: ${now}. Change to ${next[now]}`}
      title={`Theme: ${now}`}
      onClick={() => {
        theme.value = next[now];
      }}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {shapes[now]}
      </svg>
    </button>
  );
}
