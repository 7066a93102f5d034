/**
 * Writes docs/configuration.md and the JSON Schemas of the configuration files from the tables of settings in src/config. Run it
 * after every change of a setting:
 *
 *     node tools/generate-configuration-docs.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { stringify } from 'yaml';
import { clientProgram } from '../src/config/client-program.ts';
import { configFile, exitCodes, type Command, type Program } from '../src/config/program.ts';
import { jsonSchemaOf } from '../src/config/schema.ts';
import { serverProgram } from '../src/config/server-program.ts';
import { defaultText, environmentNameOf, flagOf, type Setting } from '../src/config/setting.ts';
import { groupOf, isWrittenOut } from '../src/config/setting-groups.ts';

const programs = [serverProgram, clientProgram] as const;

/** The generated files: their text by their path from the top of the repository. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map([['docs/configuration.md', document()]]);
  const style = (await resolveConfig(fileURLToPath(new URL('../package.json', import.meta.url)))) ?? {};
  for (const program of programs) {
    const schema = jsonSchemaOf(program.settings, `The configuration file of ${program.name}`);
    files.set(schemaFile(program), await format(JSON.stringify(schema), { ...style, parser: 'json' }));
  }
  return files;
}

/** A file with every setting of the program, each at its example. */
export function exampleFile(program: Program<unknown>): string {
  const lines = [`# yaml-language-server: $schema=${schemaFile(program).replace('docs/', '')}`];
  let group = '';
  const settings = Object.values(program.settings);
  const isAtTop = ({ key }: Setting<unknown>): boolean => !key.includes('.') || isWrittenOut(key, program.settings);
  for (const setting of [...settings.filter(isAtTop), ...settings.filter((setting) => !isAtTop(setting))]) {
    const outer = isAtTop(setting) ? '' : groupOf(setting.key);
    if (outer !== group) lines.push('', `${outer}:`);
    else if (outer === '') lines.push('');
    group = outer;
    const name = outer === '' ? setting.key : setting.key.slice(outer.length + 1);
    const text = stringify({ [name]: setting.example }, { lineWidth: 0 }).trimEnd();
    lines.push(...[`# ${setting.description}`, ...text.split('\n')].map((line) => (outer === '' ? line : `  ${line}`)));
  }
  return `${lines.join('\n')}\n`;
}

function schemaFile(program: Program<unknown>): string {
  return `docs/configuration/${program.name.replace('telemetry-', '')}.schema.json`;
}

function document(): string {
  return `# Configuration

<!-- Made by tools/generate-configuration-docs.ts from the tables in src/config. Change those, not this. -->

Both daemons take their settings from four places. The first that says something about a setting decides it:

1. the flag, \`--interval 5\`
2. the environment, \`TELEMETRY_INTERVAL=5\`
3. the file that \`--config FILE\` or \`${configFile.environmentName}\` names
4. the default

\`telemetry-server config check\` says whether all of it is right; \`config print\` prints what is in effect as a YAML file, with the place that each
value comes from. Both take the flags that the daemon itself would get, and so does \`telemetry-client\`.

## Rules

- A wrong value is refused even where another place overrules it. All faults are told at once, one a line on standard error, with the file, its
  line and what would be right, and the program ends with exit code 2.
- **Flags**: \`--name VALUE\` or \`--name=VALUE\`. A value that begins with \`-\` needs the second form. A flag is given once, but where
  it is a list.
- **Environment**: an empty variable counts as not set. Lists are separated by commas. A variable \`TELEMETRY_…\` that no program here reads is no
  fault, because other programs and container platforms set such names too; where it looks like a misspelling it is logged as a warning, and
  \`config check\` names every one. Both daemons and \`telemetryctl\` (\`TELEMETRY_API\`) ignore what belongs to the others.
- **File**: YAML 1.2, UTF-8, at most 1 MiB, one document. An unknown key, a key that is given twice and an alias (\`*name\`) are faults. An empty file is
  fine, and so is a group without members. There is no file unless one is named.
- A key may stand in its group or be written out: \`log.level: debug\` says what \`log:\` with \`level: debug\` below it says. Beside
  \`http: 127.0.0.1:8080\` only the second form is left for \`http.login\` and the others of that name; or all of them stand in the group \`http\`, the address as
  \`address\`.
- **Paths**: a relative path counts from the folder that the program was started in, or, written in a file, from that file's folder. \`~\` is not
  expanded.
- **Sizes** are numbers of bytes, or have a unit: \`512KiB\`, \`10MiB\`, \`1GiB\`.
- **Addresses**: IPv6 stands in brackets, \`[::1]:8080\`. Port 0 picks a free port for what listens.
- A file of keys, plain values, quotes and lists of one item a line is read directly, and costs nothing. Other YAML (a list on one line, escapes, block
  texts) means the same but loads the YAML library, which a client then carries: 20 MiB and a tenth of a second.

**State folders** unless told otherwise: \`/var/lib/telemetry/server\` and \`…/client\` for root; for other users \`telemetry/server\` and \`telemetry/client\` below
\`$XDG_STATE_HOME\`, or below \`~/.local/state\` where that is unset or not absolute; on Windows \`%ProgramData%\\Telemetry\\server\` and
\`…\\client\`.

## Exit codes

${exitCodes.map(({ code, meaning }) => `- ${code}: ${meaning}`).join('\n')}

## Editors

Editors with the YAML language server complete and check a file whose first line names its schema. The schemas come with the package, in \`docs/configuration/\`; the path counts from the
file:

\`\`\`yaml
# yaml-language-server: $schema=node_modules/telemetry-hub/${schemaFile(serverProgram)}
\`\`\`

${programs.map(section).join('\n')}`;
}

function section(program: Program<unknown>): string {
  return `## ${program.name}

${program.summary}

    ${program.name} ${program.usage}
${program.commands.map(commandLine(program)).join('\n')}
    ${program.name} completion

| in the file | flag | environment | takes | default | |
|---|---|---|---|---|---|
${Object.values(program.settings).map(row).join('\n')}
| | \`--${configFile.flag}\` | \`${configFile.environmentName}\` | \`FILE\` | none | ${configFile.description} |

A file with everything in it; none of it is needed:

\`\`\`yaml
${exampleFile(program)}\`\`\`
`;
}

function commandLine({ name }: Program<unknown>): (command: Command) => string {
  return ({ words, operand, switches }) => {
    const parts = [name, ...words, ...(operand === undefined ? [] : [operand.placeholder])];
    return `    ${[...parts, ...switches.map((flag) => `[--${flag.name}]`)].join(' ')}`;
  };
}

function row(setting: Setting<unknown>): string {
  const { choices, placeholder } = setting.kind.form;
  const takes = `${choices?.join('|') ?? placeholder}${setting.kind.list ? ', ...' : ''}`;
  const flag = setting.flagless === true ? '' : `\`--${flagOf(setting.key)}\``;
  const cells = [
    `\`${setting.key}\``,
    flag,
    `\`${environmentNameOf(setting.key)}\``,
    `\`${takes}\``,
    defaultText(setting),
    setting.description,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

if (import.meta.main) {
  for (const [path, text] of await generatedFiles()) {
    const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
