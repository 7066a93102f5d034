import type { JSX } from 'preact';
import type { ServerReport } from '../../../src/api/contract.ts';
import { storeFill, retentionWords } from './figures-words.ts';

/** What is kept, for how long, and how much room there is. */
export function ServerStore({ store }: { readonly store: ServerReport['store'] }): JSX.Element {
  const { share, words } = storeFill(store);
  return (
    <section class="card server-part" aria-labelledby="server-store">
      <h2 id="server-store">Store</h2>
      {share !== undefined && (
        <meter class="server-meter" aria-label="Store" min={0} max={1} high={0.95} value={Math.min(1, share)}>
          {words}
        </meter>
      )}
      <p>{words}</p>
      <dl class="server-facts">
        {retentionWords(store.retention).map(([tier, kept]) => (
          <div key={tier}>
            <dt>{tier}</dt>
            <dd>{kept}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
