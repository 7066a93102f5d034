import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Field } from './field.tsx';
import { hostFault, isLoopback } from './join-line.ts';

const called = location.hostname;

/** The name by which machines reach the server: as this page was called, until somebody says it better. It holds for all lines of the page. */
export const host = signal(isLoopback(called) ? '' : called);

/** Whether lines can be put together. */
export function hostIsKnown(): boolean {
  return hostFault(host.value) === undefined;
}

/** Asks for the name by which machines reach the server. */
export function HostField(): JSX.Element {
  const text = host.value;
  const fault = text === '' ? undefined : hostFault(text);
  return (
    <Field
      name="host"
      label="Name or address of this server, as the machine reaches it"
      hint={
        isLoopback(called)
          ? `You have called this page by ${called}, which other machines do not reach: give the name or address of the machine that the server runs on.`
          : undefined
      }
      fault={fault ?? (text !== '' && isLoopback(text) ? 'Only a client on the same machine reaches that.' : undefined)}
    >
      {(attributes) => (
        <input
          {...attributes}
          value={text}
          placeholder="telemetry.example.org"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => {
            host.value = event.currentTarget.value;
          }}
        />
      )}
    </Field>
  );
}
