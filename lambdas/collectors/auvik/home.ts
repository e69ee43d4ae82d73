import { place } from '../../wire/options.ts';

const REGIONS = ['us1', 'us2', 'us3', 'us4', 'us5', 'us6', 'eu1', 'eu2', 'au1', 'ca1', 'lnx'];

export const home = place(
  Object.fromEntries(REGIONS.map((region) => [region, `https://auvikapi.${region}.my.auvik.com`])),
  {
    form: /^https:\/\/auvikapi\.[a-z0-9-]+\.my\.auvik\.com(\/(v1\/?)?)?$/iu,
    expected: 'https://auvikapi.….my.auvik.com',
    sentence: 'the address of the API, for a region that is not listed here',
  },
);
