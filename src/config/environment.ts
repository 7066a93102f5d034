import { configFile, type Program } from './program.ts';
import { environmentNameOf, environmentPrefix } from './setting.ts';

/** A variable's texts for a setting: one, or, for a list, those between commas. Undefined where it is unset or empty. */
export function readVariable(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  { list }: { readonly list: boolean },
): readonly string[] | undefined {
  // Compose files and units can hardly unset a variable, but set it to nothing.
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  return list ? text.split(',').map((item) => item.trim()) : [text];
}

/** The variables with our prefix that are none of this program's. */
export function foreignVariables(
  env: Readonly<Record<string, string | undefined>>,
  program: Program<unknown>,
): readonly string[] {
  const known = new Set(Object.values(program.settings).map(({ key }) => environmentNameOf(key))).add(
    configFile.environmentName,
  );
  return Object.keys(env).filter((name) => name.startsWith(environmentPrefix) && !known.has(name));
}
