/** What the promise gives, or `'absent'` where it fails because there is no such file or folder. Other errors stay errors. */
export async function absentWithoutFile<T>(text: Promise<T>): Promise<T | 'absent'> {
  try {
    return await text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return 'absent';
    throw error;
  }
}
