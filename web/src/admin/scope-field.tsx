import type { JSX } from 'preact';
import type { Scope } from '../../../src/api/contract.ts';
import { Field } from './field.tsx';

export const scopes: readonly Scope[] = ['read', 'operate', 'admin'];

const words: Readonly<Record<Scope, string>> = {
  read: 'read: looks',
  operate: 'operate: changes intervals and tags too',
  admin: 'admin: says who may do what too',
};

/** Asks what somebody may do. The form has it under `scope`. */
export function ScopeField({ given = 'read' }: { readonly given?: Scope }): JSX.Element {
  return (
    <Field name="scope" label="Scope" fault={undefined}>
      {(attributes) => (
        <select {...attributes}>
          {scopes.map((scope) => (
            <option key={scope} value={scope} selected={scope === given}>
              {words[scope]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** What was chosen; the least where it is none. */
export function scopeOf(text: string): Scope {
  return scopes.find((scope) => scope === text) ?? 'read';
}
