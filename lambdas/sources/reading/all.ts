/** All rows of a list, read to its end before they are used. */
export async function all<R>(rows: AsyncIterable<R>): Promise<R[]> {
  const read: R[] = [];
  for await (const row of rows) read.push(row);
  return read;
}
