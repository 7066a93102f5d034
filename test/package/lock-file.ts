/** What the rules below read of a lock file. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly optional?: boolean;
}

/** Entries that name the host that they were fetched from: it is the reader's registry that is meant, not the writer's. */
export function hostFaults({ packages }: Lock): readonly string[] {
  return Object.entries(packages)
    .filter(([, { resolved }]) => resolved !== undefined && /^[a-z+]+:\/\//i.test(resolved))
    .map(([path, { resolved }]) => `${path} was resolved to ${resolved}`);
}

/** Optional packages without an entry: `npm ci` refuses such a lock file, on whatever platform. */
export function missingOptionalFaults({ packages }: Lock): readonly string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => entryFor(packages, path, name) === undefined)
      .map((name) => `${path} has no entry for ${name}; run node tools/complete-lockfile.ts`),
  );
}

/** As Node.js looks for it: in the package's own `node_modules`, then in that of each folder above. */
function entryFor(packages: Lock['packages'], from: string, name: string): LockedPackage | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const found = packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`];
    if (found !== undefined || folder === '') return found;
  }
}
