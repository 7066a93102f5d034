import { parseArgs } from 'node:util';
import { nearest } from './nearest.ts';
import { configFile, type Program } from './program.ts';
import { flagOf } from './setting.ts';
import { shownText } from './shown.ts';

/** The arguments taken apart, values still texts. `faults` are lines for a person. */
export interface ArgumentList {
  /** By name, without dashes; a flag that is given twice has two texts. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  /** Flags without value, such as `help`. */
  readonly switches: ReadonlySet<string>;
  /** What is neither: the command. */
  readonly words: readonly string[];
  readonly faults: readonly string[];
}

type Options = Record<string, { type: 'string' | 'boolean'; multiple: true; short?: string }>;

/** Takes the arguments of a program apart. Looks at no value. */
export function readArguments(argv: readonly string[], program: Program<unknown>): ArgumentList {
  const options = optionsOf(program);
  const list = {
    flags: new Map<string, string[]>(),
    switches: new Set<string>(),
    words: new Array<string>(),
    faults: new Array<string>(),
  };
  let rest: readonly string[] | undefined = argv;
  while (rest !== undefined) rest = readUntilSwallowed(rest, list);
  return list;

  /** Reads into `list`; answers what is to be read anew, because a flag had been taken for another's value. */
  function readUntilSwallowed(
    args: readonly string[],
    { flags, switches, words, faults }: typeof list,
  ): readonly string[] | undefined {
    const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
    let unknownIndex = -1;
    for (const token of tokens) {
      if (token.kind === 'option-terminator') continue;
      if (token.kind === 'positional') {
        // Most likely the value of the flag before it, which is a fault already.
        if (token.index !== unknownIndex + 1 || unknownIndex < 0) words.push(token.value);
        continue;
      }
      const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
      if (option === undefined) {
        // `-abc` is three options to the parser and one mistake to a person.
        if (token.index !== unknownIndex)
          faults.push(unknownFlag(args[token.index] ?? token.rawName, options, program));
        unknownIndex = token.index;
      } else if (option.type === 'boolean') {
        if (token.value === undefined) switches.add(token.name);
        else faults.push(`--${token.name} takes no value`);
      } else if (token.value === undefined || token.value === '') {
        faults.push(`--${token.name} has no value`);
      } else if (!token.inlineValue && token.value.startsWith('-') && token.value !== '-') {
        faults.push(swallowed(token.name, token.value, options));
        return args.slice(token.index + (isFlag(token.value, options) ? 1 : 2));
      } else {
        flags.set(token.name, [...(flags.get(token.name) ?? []), token.value]);
      }
    }
    return undefined;
  }
}

/** The names of a program's flags, without dashes. */
export function flagNames(program: Program<unknown>): readonly string[] {
  return Object.values(program.settings)
    .filter((setting) => setting.flagless !== true)
    .map((setting) => flagOf(setting.key));
}

function optionsOf(program: Program<unknown>): Options {
  const options: Options = {
    help: { type: 'boolean', multiple: true, short: 'h' },
    version: { type: 'boolean', multiple: true },
    [configFile.flag]: { type: 'string', multiple: true },
  };
  for (const name of flagNames(program)) options[name] = { type: 'string', multiple: true };
  for (const { name } of program.commands.flatMap((command) => command.switches))
    options[name] = { type: 'boolean', multiple: true };
  return options;
}

function isFlag(text: string, options: Options): boolean {
  const name = /^--([^=]+)/.exec(text)?.[1];
  return text === '--' || text === '-h' || (name !== undefined && Object.hasOwn(options, name));
}

function swallowed(name: string, value: string, options: Options): string {
  if (isFlag(value, options)) return `--${name} has no value`;
  return `--${name} is followed by ${shownText(value)}; a value that begins with "-" is written --${name}=${value.slice(0, 20)}`;
}

function unknownFlag(argument: string, options: Options, program: Program<unknown>): string {
  const text = argument.split('=', 1)[0] ?? '';
  const meant = nearest(text.replace(/^-+/, ''), Object.keys(options));
  const advice = meant === undefined ? `${program.name} --help lists them` : `did you mean --${meant}?`;
  return `${/^[\w-]{1,40}$/.test(text) ? text : shownText(text)} is not a flag of ${program.name}; ${advice}`;
}
