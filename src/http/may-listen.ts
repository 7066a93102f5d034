/** Where nobody can say whether somebody may listen, they may not. */
export function mayListen(isAllowed: () => boolean): boolean {
  try {
    return isAllowed();
  } catch {
    // The next request of the same reader is told what is wrong, and so is the log.
    return false;
  }
}
