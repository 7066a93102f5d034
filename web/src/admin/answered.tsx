import type { ComponentChildren, JSX } from 'preact';
import { ago } from '../format/times.ts';
import type { Asked } from './asked.ts';

/** What was asked for, once it is there: with a word where it is from before, and why where it is not to be had. */
export function Answered<Value>({
  of,
  children,
}: {
  readonly of: Asked<Value>;
  readonly children: (value: Value) => ComponentChildren;
}): JSX.Element {
  const answer = of.answer.value;
  if (answer.name === 'asking') return <p class="quiet">Asking the server …</p>;
  return (
    <>
      {answer.fault !== undefined && (
        <div class="notice bad admin-copy">
          {/* The age is outside, or whoever listens would be told of it again and again. */}
          <span role="alert">{answer.fault}</span>
          {answer.name === 'answered' && <span>What is shown is from {ago(Date.now() - answer.atMs)}.</span>}
          <button type="button" onClick={() => void of.ask()}>
            Ask again
          </button>
        </div>
      )}
      {answer.name === 'answered' && children(answer.value)}
    </>
  );
}
