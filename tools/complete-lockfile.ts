/**
 * Adds to package-lock.json the entries that `npm install` leaves out: optional packages for platforms other than this
 * one. `npm ci` on npm 11 refuses a lock file without them. Run it after every change of a dependency:
 *
 *     node tools/complete-lockfile.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, unknown> };
const packages = lock.packages as Record<string, LockedPackage>;

const operatingSystems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openharmony',
  'win32',
  'netbsd',
  'openbsd',
  'sunos',
  'aix',
];
const processors = ['arm64', 'arm', 'x64', 'ia32', 'riscv64', 'ppc64', 's390x', 'loong64', 'mips64el', 'wasm32'];

let added = 0;
for (const locked of Object.values({ ...packages })) {
  for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
    if (packages[`node_modules/${name}`] !== undefined) continue;
    const words = name.slice(name.indexOf('/') + 1).split('-');
    const os = operatingSystems.filter((candidate) => words.includes(candidate));
    const cpu = processors.filter((candidate) => words.includes(candidate));
    packages[`node_modules/${name}`] = {
      version,
      ...(cpu.length > 0 && { cpu }),
      ...(locked.dev === true && { dev: true }),
      optional: true,
      ...(os.length > 0 && { os }),
    } as LockedPackage;
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`${added} entries added`);
