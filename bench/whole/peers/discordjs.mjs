// @discordjs/ws as its readme sets it up, for speed: zlib-sync, and undici's pool for the POSTs.
//   MODE=one (default)  all shards on the main thread
//   MODE=workers        the library's WorkerShardingStrategy: shards on a thread per core, each with its own POSTs
//   MODE=native         as one, but node:zlib instead of zlib-sync
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { REST } from '@discordjs/rest';
import {
  CompressionMethod,
  WebSocketManager,
  WebSocketShardEvents,
  WorkerShardingStrategy,
} from '@discordjs/ws';
import { Failures, PooledPosts, fail, settings, untilTold } from './post.mjs';

// GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES
const INTENTS = (1 << 0) | (1 << 9) | (1 << 12);

const { api, bot, shards, token, compress, mode } = settings(['zlib-stream', 'none']);
if (!['', 'one', 'workers', 'native'].includes(mode)) {
  fail(`MODE=${mode}: wanted one, workers or native`);
}

// Without zlib-sync the library would go on with no compression at all.
const zlibSync = mode !== 'native' && (await import('zlib-sync').catch(() => null));
if (mode !== 'native' && !zlibSync) {
  console.error('zlib-sync is not there (install.sh says why): node:zlib does its work');
}
const inflate = zlibSync ? CompressionMethod.ZlibSync : CompressionMethod.ZlibNative;
const options = {
  token,
  intents: INTENTS,
  rest: new REST({ api: api.replace(/\/v\d+\/?$/, ''), version: '10' }).setToken(token),
  shardCount: shards,
  compression: compress === 'none' ? null : inflate,
};

let failures;
if (mode === 'workers') {
  failures = new Failures();
  options.buildStrategy = (manager) =>
    new WorkerShardingStrategy(manager, {
      shardsPerWorker: Math.ceil(shards / os.availableParallelism()),
      workerPath: fileURLToPath(new URL('discordjs-worker.mjs', import.meta.url)),
      unknownPayloadHandler: ({ failed }) => failures.add(failed),
    });
}

const manager = new WebSocketManager(options);
if (mode !== 'workers') {
  const posts = new PooledPosts(bot);
  failures = posts.failures;
  manager.on(WebSocketShardEvents.Dispatch, (payload, shardId) => posts.post(shardId, payload));
}
manager.on(WebSocketShardEvents.Error, (error, shardId) => console.error(`shard ${shardId}:`, error));
manager.on(WebSocketShardEvents.Closed, (code, shardId) => console.error(`shard ${shardId} closed with ${code}`));

untilTold(failures, () => {
  manager.removeAllListeners();
  return manager.destroy();
});
await manager.connect();
console.log('ready');
