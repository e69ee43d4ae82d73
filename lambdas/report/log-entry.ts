/** 1000 success, 1001 warning, 2000 error. */
export type StatusCode = 1000 | 1001 | 2000;

/** One thing that was done or found. Field names are those that automation platforms for MSPs use. */
export type LogEntry = {
  task: string;
  status_code: StatusCode;
  message: string;
  /** ISO 8601 */
  at: string;
  data: Record<string, unknown>;
};

/** Names in a message may hold line breaks and control characters, which would be read as further lines. */
export function logEntry(
  task: string,
  statusCode: StatusCode,
  message: string,
  at: string,
  data: Record<string, unknown> = {},
): LogEntry {
  return { task, status_code: statusCode, message: message.replace(/\p{Cc}+/gu, ' '), at, data };
}
