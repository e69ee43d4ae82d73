const KEEP_ALIVE = 'keep-alive-';

/** The name of a run that only keeps credentials alive. */
export const keepAliveName = (moment: string): string => `${KEEP_ALIVE}${moment}`;

/** True for the name of a run that makes a report. */
export const isReportName = (name: string): boolean => !name.startsWith(KEEP_ALIVE);
