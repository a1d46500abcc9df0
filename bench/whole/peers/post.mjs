// What all the peers' programs share: their settings, and POSTs through undici.
import process from 'node:process';
import { Pool } from 'undici';

const HEADERS = { 'content-type': 'application/json' };
const CONNECTIONS = 64;

/** From the environment; `known` are the values of COMPRESS that the library can, the first is what it gets by default. */
export function settings(known) {
  const { API, BOT, SHARDS, TOKEN = 'bench-token', MODE = '' } = process.env;
  if (!API || !BOT || !(Number(SHARDS) > 0)) {
    fail('wanted in the environment: API (http://host:port/api/v10), BOT (where events go), SHARDS (a number)');
  }
  const COMPRESS = process.env.COMPRESS || known[0];
  if (!known.includes(COMPRESS)) {
    fail(`this library can't do COMPRESS=${COMPRESS}; it can do ${known.join(', ')}`);
  }
  return { api: API, bot: BOT, shards: Number(SHARDS), token: TOKEN, compress: COMPRESS, mode: MODE };
}

export function fail(reason) {
  console.error(reason);
  process.exit(2);
}

/** Counts what went wrong with POSTs; the first is kept as an example. */
export class Failures {
  count = 0;
  first = '';

  add(reason) {
    this.count += 1;
    this.first ||= String(reason);
  }

  report() {
    if (this.count > 0) {
      console.error(`errors: ${this.count} POSTs failed, the first with: ${this.first}`);
    }
  }
}

/** One POST per event over keep-alive connections, one request per connection at a time; what finds none free waits in undici's queue. */
export class PooledPosts {
  failures = new Failures();
  #pool;
  #path;
  #handler;

  constructor(bot) {
    const url = new URL(bot);
    this.#path = url.pathname + url.search;
    this.#pool = new Pool(url.origin, { connections: CONNECTIONS, pipelining: 1 });
    // The leanest of undici's ways to make a request: nothing is allocated for an answer that nobody reads.
    this.#handler = {
      onRequestStart() {},
      onResponseStart: (_controller, status) => {
        if (status >= 300) {
          this.failures.add(`status ${status}`);
        }
      },
      onResponseData() {},
      onResponseEnd() {},
      onResponseError: (_controller, error) => this.failures.add(error),
    };
  }

  post(shardId, payload) {
    this.#pool.dispatch(
      {
        method: 'POST',
        path: this.#path,
        headers: HEADERS,
        body: `{"shardId":${shardId},"data":${JSON.stringify(payload)}}`,
      },
      this.#handler,
    );
  }
}

/** Runs until it is told to stop; `close` gets a second. */
export function untilTold(failures, close) {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, async () => {
      const patience = new Promise((resolve) => setTimeout(resolve, 1000));
      await Promise.race([Promise.resolve().then(close).catch(() => {}), patience]);
      failures.report();
      process.exit(0);
    });
  }
}
