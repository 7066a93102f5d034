import { unreachable } from '../../core/assert.ts';
import { CodedError } from '../../core/coded-error.ts';
import type { Access } from '../../access/contract.ts';
import type { UserCommand } from './command.ts';
import { type DataAccess, type DataSurroundings, withDataAccess } from './data-access.ts';
import { ago, shown } from './figures.ts';
import type { Output } from './output.ts';
import { newPassword, type Keyboard } from './password-input.ts';
import { printableJson } from './printable-json.ts';
import { table } from './table.ts';

const columns = [
  { title: 'NAME', align: 'left' },
  { title: 'SCOPE', align: 'left' },
  { title: 'MADE', align: 'left' },
  { title: 'PASSWORD CHANGED', align: 'left' },
] as const;

/** `telemetryctl user`: works on the files of the server, not over the API. */
export async function lookAfterUsers(
  { task, dataDir, json }: UserCommand,
  output: Output,
  surroundings: DataSurroundings & { readonly stdin: () => Keyboard },
): Promise<0> {
  const options = { dataDir, makesFolder: task.type === 'add' };
  await withDataAccess(options, surroundings, async ({ access, by }) => {
    const say = (name: string, text: string): Promise<void> =>
      output.print(json ? `${printableJson(viewOf(access, name) ?? { name }, 2)}\n` : `${shown(name)}: ${text}\n`);
    switch (task.type) {
      case 'list':
        return list(access, output, json);
      case 'add': {
        const scope = task.scope ?? (access.accounts.length === 0 ? 'admin' : 'read');
        if (access.account(task.name) !== undefined) throw taken(task.name);
        const password = await newPassword(task.name, output, surroundings.stdin());
        await access.addAccount({ name: task.name, password, scope }, by);
        return say(task.name, `added, with the scope ${scope}.`);
      }
      case 'passwd': {
        expectAccount(access, task.name);
        await access.setPassword(task.name, await newPassword(task.name, output, surroundings.stdin()), by);
        return say(task.name, 'has another password; whoever was logged in with the old one is logged out.');
      }
      case 'scope':
        access.setScope(task.name, task.scope, by);
        return say(task.name, `has the scope ${task.scope}; it has to log in again.`);
      case 'remove':
        return remove({ access, by }, task.name, output, () => say(task.name, 'removed, and logged out.'));
      default:
        return unreachable(task);
    }
  });
  return 0;
}

async function list(access: Access, output: Output, json: boolean): Promise<void> {
  const { accounts } = access;
  const nowMs = Date.now();
  const rows = accounts.map((one) => [
    shown(one.name),
    one.scope,
    ago(nowMs - Date.parse(one.created)),
    ago(nowMs - Date.parse(one.password_changed)),
  ]);
  await output.print(json ? `${printableJson(accounts, 2)}\n` : table(columns, rows));
  if (accounts.length === 0 && !json) output.say('there are no accounts; telemetryctl user add NAME makes one.');
}

async function remove(
  { access, by }: Pick<DataAccess, 'access' | 'by'>,
  name: string,
  output: Output,
  say: () => Promise<void>,
): Promise<void> {
  access.removeAccount(name, by);
  await say();
  if (access.accounts.length === 0)
    output.say('that was the last account; the server needs one where its API is on another address than loopback.');
}

function viewOf(access: Access, name: string): object | undefined {
  const holder = access.account(name);
  return access.accounts.find((one) => one.name === holder?.name);
}

/** Said before a password is asked for; the change itself sees to it again. */
function expectAccount(access: Access, name: string): void {
  if (access.account(name) === undefined)
    throw new CodedError(
      'no-such-account',
      `There is no account ${shown(name)}; telemetryctl user list has those there are.`,
    );
}

function taken(name: string): CodedError {
  return new CodedError(
    'account-exists',
    `There is an account ${shown(name)} already; telemetryctl user passwd gives it another password.`,
  );
}
