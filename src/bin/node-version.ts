/** Says what to do where Node.js is too old, before anything is loaded that such a one does not have. */
export function checkNodeVersion(program: string): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) return;
  process.stderr.write(
    `${program} needs Node.js 24 or later, and this is ${process.versions.node}; install a newer one from nodejs.org\n`,
  );
  process.exit(1);
}
