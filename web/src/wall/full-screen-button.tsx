import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';

/** The wall without menu and browser; Escape, or the button again, brings them back. Phones that cannot do it have no button. */
export function FullScreenButton(): JSX.Element | null {
  const isFull = useSignal(document.fullscreenElement !== null);
  const problem = useSignal('');
  useEffect(() => {
    const changed = (): void => {
      isFull.value = document.fullscreenElement !== null;
    };
    document.addEventListener('fullscreenchange', changed);
    return () => document.removeEventListener('fullscreenchange', changed);
  }, []);
  if (!document.fullscreenEnabled) return null;
  const change = (): void => {
    problem.value = '';
    const done = isFull.value ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    done.catch((error: unknown) => {
      problem.value = error instanceof Error ? error.message : String(error);
    });
  };
  return (
    <>
      <span role="alert">{problem}</span>
      <button type="button" class="wall-full" onClick={change}>
        {isFull.value ? 'Leave full screen' : 'Full screen'}
      </button>
    </>
  );
}
