import type { ComponentChildren, JSX } from 'preact';

/** One figure of the server in large type, with what it is above and what else there is to know below. */
export function Figure({
  label,
  value,
  grave = false,
  children,
}: {
  readonly label: string;
  readonly value: string;
  /** A person should look at it. */
  readonly grave?: boolean;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="card server-figure">
      <h2>{label}</h2>
      <p class={grave ? 'server-value server-grave' : 'server-value'}>{value}</p>
      {children}
    </div>
  );
}
