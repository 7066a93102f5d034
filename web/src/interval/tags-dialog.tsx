import type { JSX, TargetedSubmitEvent } from 'preact';
import { useSignal } from '@preact/signals';
import { fleet } from '../live/fleet.ts';
import { count } from '../format/quantities.ts';
import { Dialog } from '../ui/dialog.tsx';
import { setTagsOf, type TagsProgress } from './set-tags.ts';
import { tagOf, tagsInUse } from './tag-changes.ts';
import './interval.css';

interface TagsDialogProps {
  /** Their `client_id`. */
  readonly units: readonly string[];
  readonly onClose: () => void;
}

/** Puts a tag on units, or takes one away. Each change is sent at once, and shown as the server has taken it. */
export function TagsDialog({ units, onClose }: TagsDialogProps): JSX.Element {
  const text = useSignal('');
  const problem = useSignal('');
  const progress = useSignal<TagsProgress | undefined>(undefined);
  // Read for its signal: the rows are in a map.
  void fleet.structure.value;
  const rows = units.flatMap((id) => fleet.rows.get(id) ?? []);
  const isBusy = progress.value !== undefined && progress.value.done < progress.value.all;

  const change = (changes: Parameters<typeof setTagsOf>[1]): Promise<void> =>
    setTagsOf(rows, changes, (now) => {
      progress.value = now;
    });
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const tag = tagOf(text.value);
    if ('fault' in tag) {
      problem.value = tag.fault;
      return;
    }
    problem.value = '';
    await change({ set: { [tag.name]: tag.value }, remove: [] });
    if (progress.value?.refused.length === 0) text.value = '';
  };

  const refused = progress.value?.refused ?? [];
  return (
    <Dialog
      title={`Tags of ${units.length === 1 ? (rows[0]?.name ?? '') : `${count(units.length)} units`}`}
      onClose={onClose}
    >
      <form class="interval-form" onSubmit={(event) => void submit(event)}>
        <ul class="interval-tags" aria-label="Tags in use">
          {tagsInUse(rows).map(({ name, value, count: having }) => (
            <li key={`${name}=${value}`}>
              {name}={value}
              {units.length > 1 && <span class="quiet"> on {count(having)}</span>}
              <button
                type="button"
                disabled={isBusy}
                aria-label={`Take ${name}=${value} away`}
                onClick={() => void change({ set: {}, remove: [name], only: value })}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
        <label>
          Add a tag, or give one another value
          <input
            autofocus
            placeholder="site=berlin"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={text.value}
            onInput={(event) => {
              text.value = event.currentTarget.value;
            }}
          />
        </label>
        <p class="interval-problem" role="alert">
          {problem}
        </p>
        <p role="status" class="quiet interval-progress">
          {progress.value !== undefined && `${count(progress.value.done)} of ${count(progress.value.all)} changed`}
        </p>
        {refused.length > 0 && (
          <ul class="notice bad interval-outcome">
            {refused.slice(0, 50).map(({ name, reason }) => (
              <li key={name}>
                <strong>{name}</strong>: {reason}
              </li>
            ))}
          </ul>
        )}
        <div class="dialog-end">
          <button type="button" onClick={onClose}>
            Close
          </button>
          <button type="submit" class="primary" disabled={isBusy}>
            Add
          </button>
        </div>
      </form>
    </Dialog>
  );
}
