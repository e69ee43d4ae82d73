/*
 * Replaces the SDK's event streams in bundles. Every S3 client imports them, but no operation that we call sends or
 * receives one.
 */

const none = (): never => {
  throw new Error('a bundle of this project was built without event streams');
};

export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
export const eventStreamSerdeProvider = none;
export const EventStreamSerde = none;
