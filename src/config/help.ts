import yargs, { type Argv } from 'yargs';
import { commandGroups, configFile, exitCodes, type Command, type Program } from './program.ts';
import { defaultText, environmentNameOf, flagOf } from './setting.ts';

const columns = 100;

/** The help of the program, or of one of its commands. `words` may be the beginning of a command. */
export async function helpText(program: Program<unknown>, words: readonly string[]): Promise<string> {
  return outputOf(program, [...words, '--help']);
}

/** A script for bash that completes this program's commands and flags. */
export async function completionScript(program: Program<unknown>): Promise<string> {
  return outputOf(program, ['completion']);
}

/** What that script asks for: the possible next words, one a line. */
export async function completions(program: Program<unknown>, argv: readonly string[]): Promise<string> {
  return outputOf(program, argv);
}

async function outputOf(program: Program<unknown>, argv: readonly string[]): Promise<string> {
  let text = '';
  await describe(program).parse([...argv], {}, (_error: unknown, _argv: unknown, output: string) => {
    text += output;
  });
  return `${text.trimEnd()}\n`;
}

/** The program as yargs knows it. The arguments themselves are read elsewhere: yargs takes the quotes off `--name='x'`. */
function describe(program: Program<unknown>): Argv {
  const parser = yargs([])
    .scriptName(program.name)
    .locale('en')
    .exitProcess(false)
    .wrap(columns)
    .parserConfiguration({ 'camel-case-expansion': false, 'boolean-negation': false, 'parse-numbers': false })
    .usage(`$0 ${program.usage}\n\n${program.summary}`);
  for (const setting of Object.values(program.settings)) {
    if (setting.flagless === true) continue;
    const { placeholder, choices } = setting.kind.form;
    parser.option(flagOf(setting.key), {
      describe: `${placeholder}: ${setting.description}${setting.kind.list ? ' May be repeated.' : ''} [${environmentNameOf(setting.key)}]`,
      ...(choices !== undefined && { choices }),
      requiresArg: true,
      defaultDescription: defaultText(setting),
      group: 'Settings:',
    });
  }
  parser.option(configFile.flag, {
    describe: `FILE: ${configFile.description} [${configFile.environmentName}]`,
    requiresArg: true,
    group: 'Settings:',
  });
  for (const group of new Set(program.commands.map((command) => command.words[0] ?? ''))) {
    addCommand(
      parser,
      program.commands.filter((command) => command.words[0] === group),
    );
  }
  return parser
    .completion('completion', 'Print a script for bash that completes commands and flags')
    .help('help', 'Show this help')
    .alias('help', 'h')
    .version('version', 'Show the version', '')
    .epilogue(epilogue(program));
}

/** What yargs would break in the middle of a command. */
function epilogue(program: Program<unknown>): string {
  const flagless = Object.values(program.settings).filter((setting) => setting.flagless === true);
  return [
    'In the file and the environment only:',
    ...flagless.map(({ key }) => `  ${key} [${environmentNameOf(key)}]`),
    '',
    'Examples:',
    ...program.examples.flatMap(({ command, does }) => [`  # ${does}`, `  ${program.name} ${command}`.trimEnd()]),
    '',
    'Exit codes:',
    ...exitCodes.map(({ code, meaning }) => `  ${code}  ${meaning}`),
  ].join('\n');
}

/** Commands with the same first word. */
function addCommand(parser: Argv, commands: readonly Command[]): void {
  const [first] = commands;
  if (first === undefined) return;
  const [word = '', next] = first.words;
  const { operand } = first;
  parser.command(
    operand === undefined ? word : `${word} <${operand.placeholder}>`,
    commandGroups.get(word) ?? first.summary,
    (inner) => {
      for (const { words, summary, switches } of commands) {
        if (next !== undefined) inner.command(words[1] ?? '', summary, {}, () => undefined);
        for (const { name, description } of switches) inner.option(name, { type: 'boolean', describe: description });
      }
    },
    () => undefined,
  );
}
