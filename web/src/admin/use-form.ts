import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { HubProblem } from '../../../src/api/hub-problem.ts';
import { Deed } from './deed.ts';

/** Sentences by the names of fields. */
export type Faults = Readonly<Record<string, string>>;

/** What was typed into a field, by its name. */
export type Typed = (field: string) => string;

export interface FormOptions {
  /** What can be said without asking the server. */
  readonly check: (typed: Typed) => Faults;
  readonly act: (typed: Typed) => Promise<unknown>;
  /** Beside which field a refusal belongs; undefined: beside none. */
  readonly fieldOf?: (problem: HubProblem) => string | undefined;
  readonly onDone?: () => void;
}

export interface Form {
  readonly busy: boolean;
  readonly faults: Faults;
  /** Why it was refused, where no field is to blame. */
  readonly refusal: string | undefined;
  readonly onSubmit: (event: TargetedSubmitEvent<HTMLFormElement>) => void;
}

/** A form that is checked, sent once, emptied when it is done, and says what is wrong beside the field that is wrong. */
export function useForm({ check, act, fieldOf = () => undefined, onDone }: FormOptions): Form {
  const [deed] = useState(() => new Deed());
  const [found, setFound] = useState<Faults>({});
  const state = deed.state.value;
  const blamed = state.name === 'failed' && state.error instanceof HubProblem ? fieldOf(state.error) : undefined;
  const faults = state.name === 'failed' && blamed !== undefined ? { ...found, [blamed]: state.reason } : found;

  const send = async (form: HTMLFormElement): Promise<void> => {
    const data = new FormData(form);
    const typed: Typed = (field) => {
      const value = data.get(field);
      return typeof value === 'string' ? value : '';
    };
    const wrong = check(typed);
    setFound(wrong);
    const [first] = Object.keys(wrong);
    if (first !== undefined) return focusField(form, first);
    if (await deed.run(() => act(typed))) {
      form.reset();
      onDone?.();
      return;
    }
    const now = deed.state.value;
    const field = now.name === 'failed' && now.error instanceof HubProblem ? fieldOf(now.error) : undefined;
    if (field !== undefined) focusField(form, field);
    // A button loses the focus when it is disabled.
    else requestAnimationFrame(() => form.querySelector<HTMLElement>('button[type="submit"]')?.focus());
  };

  return {
    busy: state.name === 'under-way',
    faults,
    refusal: state.name === 'failed' && blamed === undefined ? state.reason : undefined,
    onSubmit: (event) => {
      event.preventDefault();
      if (state.name !== 'under-way') void send(event.currentTarget);
    },
  };
}

function focusField(form: HTMLFormElement, name: string): void {
  form.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.focus();
}
