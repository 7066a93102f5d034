import type { JSX, TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { HubProblem } from '../../../src/api/hub-client.ts';
import { hub } from '../hub.ts';
import { second } from '../live/second.ts';
import { startStream } from '../live/stream.ts';
import { ThemeSwitch } from '../shell/theme-switch.tsx';
import { who } from '../shell/who.ts';
import './login.css';

/** Name and password, for a server that wants to know who looks. */
export function LoginView(): JSX.Element {
  const problem = useSignal('');
  const busy = useSignal(false);
  const againMs = useSignal(0);
  const nameField = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => nameField.current?.focus(), []);
  // `second` only sets the pace: how long to wait is told by this machine's clock.
  const waitSeconds = second.value === 0 ? 0 : Math.max(0, Math.ceil((againMs.value - Date.now()) / 1_000));

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    busy.value = true;
    problem.value = '';
    try {
      await hub.logIn(textOf(form, 'name'), textOf(form, 'password'));
      who.value = { name: 'unknown' };
      startStream();
    } catch (error) {
      problem.value = wordsOf(error);
      if (error instanceof HubProblem && error.retryAfterSeconds !== undefined)
        againMs.value = Date.now() + error.retryAfterSeconds * 1_000;
    } finally {
      busy.value = false;
    }
  };

  return (
    <main class="login">
      <form class="card login-card" onSubmit={(event) => void submit(event)}>
        <div class="login-head">
          <h1>telemetry-hub</h1>
          <ThemeSwitch />
        </div>
        <label>
          Name
          <input
            ref={nameField}
            name="name"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
          />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="login-problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary" disabled={busy.value || waitSeconds > 0}>
          {waitSeconds > 0 ? `Try again in ${waitSeconds} s` : 'Log in'}
        </button>
      </form>
    </main>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

function wordsOf(error: unknown): string {
  if (error instanceof HubProblem) return error.message;
  return 'The server does not answer. Is it running, and can this machine reach it?';
}
