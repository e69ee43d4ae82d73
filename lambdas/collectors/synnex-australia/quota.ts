import { type Classify, waitInWords } from '../../wire/classify.ts';

/** The gateway answers 403 if a quota is used up, with the time: "… will be replenished in 00:12:30". */
export const quota: Classify = (answer, now) => {
  if (answer.status !== 403) return waitInWords(answer, now);
  const [, hours, minutes, seconds] =
    /quota.*?(\d+):(\d\d):(\d\d)/isu.exec(Buffer.from(answer.body).toString('utf8')) ?? [];
  if (hours === undefined) return undefined;
  return { verdict: 'limited', after: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) };
};
