import type { JSX, TargetedSubmitEvent } from 'preact';
import { useSignal } from '@preact/signals';
import { HubProblem } from '../../../src/api/hub-client.ts';
import type { IntervalsOutcome } from '../../../src/api/contract.ts';
import { hub } from '../hub.ts';
import { fleet } from '../live/fleet.ts';
import { count } from '../format/quantities.ts';
import { duration } from '../format/times.ts';
import { Dialog } from '../ui/dialog.tsx';
import { IntervalOutcome } from './interval-outcome.tsx';
import { presets, secondsMax, secondsMin, secondsOf } from './seconds.ts';
import './interval.css';

interface IntervalDialogProps {
  /** Their `client_id`. */
  readonly units: readonly string[] | 'all';
  readonly onClose: () => void;
}

/** Asks for an interval, sends it, and shows what becomes of it. */
export function IntervalDialog({ units, onClose }: IntervalDialogProps): JSX.Element {
  const text = useSignal(textOfPresent(units));
  const problem = useSignal('');
  const busy = useSignal(false);
  const outcome = useSignal<IntervalsOutcome | undefined>(undefined);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const seconds = secondsOf(text.value);
    if (typeof seconds === 'object') {
      problem.value = seconds.fault;
      return;
    }
    problem.value = '';
    busy.value = true;
    try {
      outcome.value = await setIntervals(units, seconds);
    } catch (error) {
      problem.value =
        error instanceof HubProblem ? error.message : 'The server does not answer. Nothing is known to have changed.';
    } finally {
      busy.value = false;
    }
  };

  return (
    <Dialog title={`Interval of ${nameOf(units)}`} onClose={onClose}>
      <form class="interval-form" onSubmit={(event) => void submit(event)}>
        <label>
          Seconds between two rounds of readings
          <input
            type="number"
            inputMode="decimal"
            min={secondsMin}
            max={secondsMax}
            step="any"
            required
            autofocus
            value={text.value}
            aria-describedby="interval-problem"
            onInput={(event) => {
              text.value = event.currentTarget.value;
            }}
          />
        </label>
        <div class="interval-presets" role="group" aria-label="Common intervals">
          {presets.map((seconds) => (
            <button
              key={seconds}
              type="button"
              aria-pressed={text.value === String(seconds)}
              onClick={() => {
                text.value = String(seconds);
              }}
            >
              {duration(seconds)}
            </button>
          ))}
        </div>
        <p class="interval-problem" id="interval-problem" role="alert">
          {problem}
        </p>
        {outcome.value !== undefined && <IntervalOutcome outcome={outcome.value} />}
        <div class="dialog-end">
          <button type="button" onClick={onClose}>
            {outcome.value === undefined ? 'Cancel' : 'Close'}
          </button>
          <button type="submit" class="primary" disabled={busy.value}>
            {busy.value ? 'Setting …' : 'Set'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

async function setIntervals(units: readonly string[] | 'all', seconds: number): Promise<IntervalsOutcome> {
  const [only, ...others] = units === 'all' ? [] : units;
  if (only === undefined || others.length > 0) return hub.setIntervals(units, seconds);
  return { accepted: [await hub.setInterval(only, seconds)], refused: [] };
}

function textOfPresent(units: readonly string[] | 'all'): string {
  const [only, ...others] = units === 'all' ? [] : units;
  const row = only === undefined || others.length > 0 ? undefined : fleet.rows.get(only);
  return row === undefined ? '' : String(row.interval.wanted);
}

function nameOf(units: readonly string[] | 'all'): string {
  if (units === 'all') return `all ${count(fleet.rows.size)} units`;
  const [only = '', ...others] = units;
  return others.length > 0 ? `${count(units.length)} units` : (fleet.rows.get(only)?.name ?? only);
}
