import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { snapshot } from '../source.ts';
import { address, hrefOf } from './address.ts';
import { LinkState } from './link-state.tsx';
import { logOut } from './log-out.ts';
import { ThemeSwitch } from './theme-switch.tsx';
import { views } from './views.tsx';
import { may, who } from './who.ts';

/** The page's name, its menu, how fresh it is, and who looks. */
export function TopBar(): JSX.Element {
  const [first = ''] = address.value.path;
  const shown = views.filter(
    ({ menu, scope, inSnapshot }) => menu !== undefined && may(scope) && (snapshot === undefined || inSnapshot),
  );
  return (
    <header class="shell-top">
      <a class="shell-brand" href={hrefOf([])} aria-label="telemetry-hub: the fleet">
        <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
          <rect width="32" height="32" rx="7" class="shell-brand-ground" />
          <path d="M4 18h6l3-9 5 15 3.5-9H28" class="shell-brand-line" />
        </svg>
        <span class="shell-brand-name">telemetry-hub</span>
      </a>
      <nav class="shell-menu" aria-label="Views">
        {shown.map(({ path, menu }) => (
          <a
            key={path}
            href={hrefOf(path === '' ? [] : [path])}
            aria-current={path === first || (path === '' && first === 'units') ? 'page' : undefined}
          >
            {menu}
          </a>
        ))}
      </nav>
      <div class="shell-end">
        <LinkState />
        <ThemeSwitch />
        <WhoLooks />
      </div>
    </header>
  );
}

function WhoLooks(): JSX.Element | null {
  const problem = useSignal('');
  const now = who.value;
  if (now.name !== 'known' || snapshot !== undefined) return null;
  const { name, scope, how } = now.session;
  const leave = (): void => {
    problem.value = '';
    logOut().catch((error: unknown) => {
      problem.value = error instanceof Error ? error.message : String(error);
    });
  };
  return (
    <span class="shell-who">
      <span title={how === 'local' ? 'Requests from this machine need no login.' : `Scope: ${scope}`}>
        {how === 'local' ? 'this machine' : name} <span class="quiet">({scope})</span>
      </span>
      {how === 'session' && (
        <button type="button" onClick={leave}>
          Log out
        </button>
      )}
      {problem.value !== '' && <span role="alert">{problem}</span>}
    </span>
  );
}
