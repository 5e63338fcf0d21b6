import {
  type BackendName,
  BACKENDS as FACTS,
  OWN_BACKEND_NAMES,
} from '../../../reports/record/vocabulary.ts';
import type { Cache, CacheOptions } from '../cache.ts';
import { openCache } from '../index.ts';
import { serviceLocation } from './services.ts';

/** What a backend promises beyond the interface. The suite asks for exactly what is promised. */
export interface Capabilities {
  /** It keeps what is stored. */
  readonly stores: boolean;
  /**
   * How entries expire: `given clock`: by the `clock` option, which the suite moves; `real time`:
   * the suite waits; `never`: not at all.
   */
  readonly expires: 'given clock' | 'real time' | 'never';
  /** A full cache drops its least recently used entries, 1/cullFrequency of them, as Django does. */
  readonly culls: boolean;
  /** `entries()` lists them: by recency, or in no order; `false`: it gives null. */
  readonly listsEntries: 'by recency' | 'in no order' | false;
  /** A miss says truly whether it was cold, expired or evicted, and stores count what they created. */
  readonly knowsReasons: boolean;
  /** Counters may go below 0. */
  readonly countsBelowZero: boolean;
  /** Any text is a key: also with white space, control characters and lone surrogates. */
  readonly takesAnyKey: boolean;
}

export interface Backend {
  readonly name: BackendName;
  readonly can: Capabilities;
  /** A new, empty cache that shares nothing with those opened before, unless the options say so. */
  open(options: CacheOptions): Promise<Cache>;
}

const EVERYTHING: Capabilities = {
  stores: true,
  expires: 'given clock',
  culls: true,
  listsEntries: 'by recency',
  knowsReasons: true,
  countsBelowZero: true,
  takesAnyKey: true,
};

const SHARED = {
  expires: 'real time',
  culls: false,
  listsEntries: 'in no order',
  knowsReasons: false,
} as const;

/** Where they promise less. What is not named here keeps its entries as local memory does. */
const EXCEPTIONS: Readonly<Partial<Record<BackendName, Partial<Capabilities>>>> = {
  dummy: { stores: false, expires: 'never', culls: false, knowsReasons: false },
  memcached: {
    ...SHARED,
    listsEntries: false,
    countsBelowZero: false,
    takesAnyKey: false,
  },
  redis: SHARED,
  sqlite: { ...SHARED, expires: 'given clock' },
  tiered: SHARED,
};

let opened = 0;

/** All of them, with what each promises. */
export const BACKENDS: readonly Backend[] = OWN_BACKEND_NAMES.map((name) => {
  const { service } = FACTS[name];
  return {
    name,
    can: { ...EVERYTHING, ...EXCEPTIONS[name] },
    async open(options) {
      const keyPrefix = `c${++opened}`;
      const place = service
        ? { location: await serviceLocation(service), keyPrefix }
        : { location: FACTS[name].file ? ':memory:' : `contract ${opened}`, keyPrefix: '' };
      return openCache({ backend: name, ...place, ...options });
    },
  };
});

/** Those that keep their entries in a service. */
export const SHARED_BACKENDS = BACKENDS.filter(({ can }) => can.expires === 'real time');
