/** The answer grew past what a Lambda can hold; repeating the request would not help. */
export class AnswerTooLarge extends Error {
  constructor(limit: number) {
    super(`the answer is larger than ${limit / 1024 / 1024} MiB`);
  }
}
