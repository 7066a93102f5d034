import type { Argv } from 'yargs';
import { badUsage } from './arguments.ts';
import type { TagCommand } from './command.ts';
import { parserConfiguration } from './parser-configuration.ts';

/** Adds `tag` to the command line. */
export function describeTag(
  line: Argv<{ json: boolean }>,
  found: (command: TagCommand) => void,
): Argv<{ json: boolean }> {
  return line.command(
    'tag <name> [changes..]',
    'Show the tags of a unit, or of all, or change some of them',
    (options) =>
      options
        // To yargs, words of one name are that flag several times.
        .parserConfiguration({ ...parserConfiguration, 'duplicate-arguments-array': true })
        .positional('name', { type: 'string', describe: "A unit's name or client_id, or all", demandOption: true })
        .positional('changes', {
          type: 'string',
          array: true,
          default: [],
          describe: 'NAME=VALUE sets one, NAME- takes it off; others stay',
        })
        .example('$0 tag bench-03 site=berlin rack=4', 'sets two tags')
        .example('$0 tag all rack-', 'takes one off every unit'),
    ({ name, changes, json, _: [, ...behind] }) => {
      found({
        type: 'tag',
        name: name === 'all' ? undefined : name,
        // What stands behind `--` is no flag, and no word of the command either to yargs.
        changes: [...changes, ...behind].map((change) => changeOf(String(change))),
        // Flags are such lists, too, then.
        json: [json].flat().at(-1) === true,
      });
    },
  );
}

function changeOf(text: string): TagCommand['changes'][number] {
  const [, name = '', value] = /^([^=]+)=(.*)$/su.exec(text) ?? [];
  if (value !== undefined && value !== '') return { name, value };
  const [, removed] = /^([^=]+)-$/u.exec(text) ?? [];
  if (removed !== undefined) return { name: removed, value: undefined };
  throw badUsage(`${JSON.stringify(text)} is no change of a tag; write NAME=VALUE, or NAME- to take it off.`);
}
