/** The name of an AWS error ("NoSuchKey"); empty for what is none. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** The HTTP status that an AWS error came with; undefined if no answer arrived. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata } = error;
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata)) return undefined;
  return typeof $metadata.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined;
}
