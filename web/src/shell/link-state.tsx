import type { JSX } from 'preact';
import { unreachable } from '../../../src/core/assert.ts';
import { fleet } from '../live/fleet.ts';
import type { Link } from '../live/live-fleet.ts';
import { second } from '../live/second.ts';
import { duration, localTimeOfDay } from '../format/times.ts';
import { When } from '../ui/when.tsx';

/** One word for how fresh the page is, in the bar; what is told aloud changes only with the state, not with each second. */
export function LinkState(): JSX.Element {
  const link = fleet.link.value;
  return (
    <span class={`shell-link shell-link-${link.name}`} role="status">
      <span class="shell-link-dot" aria-hidden="true" />
      {wordOf(link)}
    </span>
  );
}

/** What cannot be missed: that the page is not what is. */
export function LinkBanner(): JSX.Element | null {
  const link = fleet.link.value;
  switch (link.name) {
    case 'live':
    case 'connecting':
      return null;
    case 'stale':
      return (
        <div class="shell-banner shell-banner-stale" role="alert">
          <strong>
            Stale since <When ms={link.sinceMs}>{localTimeOfDay(link.sinceMs)}</When>
          </strong>
          <span aria-hidden="true">
            <StaleFor sinceMs={link.sinceMs} />
          </span>
          <span>The server does not answer. Values are as they were then; the page goes on by itself.</span>
        </div>
      );
    case 'snapshot':
      return (
        <div class="shell-banner" role="note">
          <strong>
            As it was on <When ms={link.madeMs} />
          </strong>
          <span>This page was written to a file. Nothing in it changes.</span>
        </div>
      );
    default:
      return unreachable(link);
  }
}

function StaleFor({ sinceMs }: { readonly sinceMs: number }): JSX.Element {
  // By this machine's clock, like `sinceMs`; `second` only sets the pace.
  const seconds = second.value === 0 ? 0 : Math.max(0, Math.round((Date.now() - sinceMs) / 1_000));
  return <>{duration(seconds)}</>;
}

function wordOf(link: Link): string {
  switch (link.name) {
    case 'live':
      return 'live';
    case 'connecting':
      return 'connecting';
    case 'stale':
      return 'stale';
    case 'snapshot':
      return 'file';
    default:
      return unreachable(link);
  }
}
