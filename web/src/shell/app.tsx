import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { untracked, useSignalEffect } from '@preact/signals';
import { fleet } from '../live/fleet.ts';
import { startSeconds } from '../live/second.ts';
import { startStream, stopStream } from '../live/stream.ts';
import { LoginView } from '../login/login-view.tsx';
import { snapshot } from '../source.ts';
import { address, hrefOf } from './address.ts';
import { LinkBanner } from './link-state.tsx';
import { applyTheme } from './theme.ts';
import { titleOf } from './title.ts';
import { TopBar } from './top-bar.tsx';
import { views } from './views.tsx';
import { may, who } from './who.ts';

/** The page: a bar, what must be known of the link, and the view that the address names. */
export function App(): JSX.Element {
  useEffect(() => {
    applyTheme();
    startStream();
    return startSeconds();
  }, []);
  useSignalEffect(() => {
    const isStranger = who.value.name === 'stranger';
    // Read for its signal: a state or name may have changed.
    void fleet.structure.value;
    document.title = isStranger ? 'Log in · telemetry-hub' : titleOf(address.value.path, views, fleet.rows);
  });
  useSignalEffect(() => {
    // Whoever has found out that the session ended: the stream of it ends too, so that the next login begins one.
    if (who.value.name === 'stranger') untracked(stopStream);
  });
  const main = useRef<HTMLElement>(null);
  if (who.value.name === 'stranger') return <LoginView />;
  const isKnown = who.value.name === 'known';
  return (
    <>
      <button type="button" class="shell-skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      {isKnown && <TopBar />}
      <LinkBanner />
      <main class="shell-main" ref={main} tabIndex={-1}>
        {isKnown ? <CurrentView /> : <p class="shell-wait">Asking the server …</p>}
      </main>
    </>
  );
}

function CurrentView(): JSX.Element {
  const [first = '', ...words] = address.value.path;
  const view = views.find(({ path }) => path === first);
  if (view === undefined)
    return (
      <Notice>
        There is no view at this address. <a href={hrefOf([])}>To the fleet</a>
      </Notice>
    );
  if (snapshot !== undefined && !view.inSnapshot)
    return <Notice>This page was written to a file, without this view.</Notice>;
  if (!may(view.scope)) return <Notice>This view needs the scope {view.scope}, which your login does not have.</Notice>;
  return view.fills === true ? view.draw(words) : <div class="shell-page">{view.draw(words)}</div>;
}

function Notice({ children }: { readonly children: JSX.Element['props']['children'] }): JSX.Element {
  return (
    <div class="shell-page">
      <p class="notice">{children}</p>
    </div>
  );
}
