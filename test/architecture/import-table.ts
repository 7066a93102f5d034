import { importsOf, type Import } from './imports.ts';
import { placeOf, type ParsedSource } from './parsed-source.ts';

/** What each folder of `src/` may import of the others: whole folders, or single files of them. `docs/architecture.md` has it too. */
const importTable: Readonly<Record<string, readonly string[]>> = {
  core: [],
  framing: ['core/'],
  config: ['core/'],
  session: ['core/', 'framing/'],
  sensors: ['core/'],
  store: ['core/'],
  sinks: ['core/'],
  transport: ['core/', 'framing/', 'session/'],
  client: ['core/', 'session/', 'sensors/contract.ts'],
  server: ['core/', 'session/', 'store/contract.ts'],
  access: ['core/'],
  api: ['core/', 'server/contract.ts', 'access/contract.ts'],
  http: ['core/', 'store/contract.ts', 'server/contract.ts', 'access/contract.ts', 'api/contract.ts'],
  fleet: ['core/', 'framing/', 'session/', 'config/kinds/address.ts'],
  app: [
    'core/',
    'framing/',
    'config/',
    'session/',
    'sensors/',
    'store/',
    'sinks/',
    'transport/',
    'client/',
    'server/',
    'access/',
    'http/',
    'api/',
  ],
  bin: ['core/', 'app/', 'config/', 'fleet/'],
};

/** Imports that the table does not allow, files outside its folders, and imports that leave `src/`. Types count like values. */
export function importTableFaults(sources: readonly ParsedSource[]): readonly string[] {
  return sources.flatMap((source) => {
    const folder = source.path.split('/')[1] ?? '';
    const allowed = importTable[folder];
    if (allowed === undefined) return [`${source.path}: src/${folder} is no folder of the import table`];
    return importsOf(source)
      .filter((found) => !isAllowed(found, folder, allowed))
      .map(({ node, specifier }) => `${placeOf(source, node)}: src/${folder} may not import ${specifier}`);
  });
}

function isAllowed({ target, specifier }: Import, folder: string, allowed: readonly string[]): boolean {
  if (target === undefined) return specifier !== 'a computed name';
  if (!target.startsWith('src/')) return false;
  const inSource = target.slice('src/'.length);
  return (
    inSource.startsWith(`${folder}/`) ||
    allowed.some((entry) => inSource === entry || (entry.endsWith('/') && inSource.startsWith(entry)))
  );
}
