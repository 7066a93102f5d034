import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds and packs the package, unpacks it below `folder`, and answers where. Its dependencies are those of the checkout.
 * Throws where the build does not succeed.
 */
export function packTo(folder: string): string {
  const options: ExecFileSyncOptionsWithStringEncoding = {
    cwd: checkout,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  };
  execFileSync('npm', ['run', '--silent', 'build'], options);
  const answer: unknown = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], options),
  );
  const [{ filename }] = answer as readonly [{ readonly filename: string }];
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder], options);
  const packed = join(folder, 'package');
  symlinkSync(join(checkout, 'node_modules'), join(packed, 'node_modules'));
  return packed;
}
