/*
 * In a bundle this takes the place of the SDK's event streams, which every client of S3 brings along: no operation that is called here
 * sends or receives one.
 */

const none = (): never => {
  throw new Error('a bundle of this project was built without event streams');
};

export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
export const eventStreamSerdeProvider = none;
export const EventStreamSerde = none;
