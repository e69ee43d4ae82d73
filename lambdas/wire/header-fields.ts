/** RFC 9110: what a header can carry. Undici refuses anything else on this side, before a byte is sent. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/u;

/** The name of the first header whose value no HTTP header can carry; undefined if all can be sent. */
export const unsendable = (headers: Record<string, string>): string | undefined =>
  Object.entries(headers).find(([, value]) => !FIELD_VALUE.test(value))?.[0];
