import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { hub } from '../hub.ts';
import { Field } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { passwordCharactersMin, twiceFaults } from './password-check.ts';
import { Said } from './said.tsx';
import { heed } from './stranger.ts';
import { useForm } from './use-form.ts';

/** Changes the password of whoever has logged in by an account. */
export function OwnPassword({ name }: { readonly name: string }): JSX.Element {
  const [said, setSaid] = useState('');
  const form = useForm({
    check: (typed): Readonly<Record<string, string>> => ({
      ...(typed('current') === '' && { current: 'Type the password that you have now.' }),
      ...twiceFaults(typed('password'), typed('again')),
    }),
    act: (typed) => hub.changePassword({ current: typed('current'), password: typed('password') }),
    fieldOf: ({ problem }) => {
      if (problem === 'wrong-password') return 'current';
      return problem === 'bad-account' ? 'password' : undefined;
    },
    onDone: () => {
      setSaid('Your password is changed. Log in with it.');
      // Its session has ended with the old password: the page asks for a login by itself.
      hub.session().catch(heed);
    },
  });
  return (
    <section class="admin-section" aria-labelledby="admin-own-password">
      <h2 id="admin-own-password">Your password</h2>
      <Said words={said} />
      <form class="card admin-form" noValidate onSubmit={form.onSubmit}>
        <p>You are {name}. A new password ends all your sessions, this one too.</p>
        {/* Password managers want to know whose it is. */}
        <input
          class="visually-hidden"
          type="text"
          name="account"
          autocomplete="username"
          value={name}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <Field name="current" label="Password now" fault={form.faults['current']}>
          {(attributes) => <input {...attributes} type="password" autocomplete="current-password" />}
        </Field>
        <Field
          name="password"
          label="New password"
          hint={`At least ${passwordCharactersMin} characters.`}
          fault={form.faults['password']}
        >
          {(attributes) => <input {...attributes} type="password" autocomplete="new-password" />}
        </Field>
        <Field name="again" label="New password, again" fault={form.faults['again']}>
          {(attributes) => <input {...attributes} type="password" autocomplete="new-password" />}
        </Field>
        <FormEnd form={form} verb="Change the password" />
      </form>
    </section>
  );
}
