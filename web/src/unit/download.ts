/** Hands a file to the reader's browser under a name. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of it by the time that it gets back to other work.
  setTimeout(() => URL.revokeObjectURL(url), releaseMs);
}

const releaseMs = 10_000;
