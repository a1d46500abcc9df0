// @discordeno/gateway.
//   MODE=fetch (default)  as its guide for big bots sets it up: one fetch per event
//   MODE=pool             the same with undici's pool for the POSTs
import { createGatewayManager, ShardSocketCloseCodes } from '@discordeno/gateway';
import { Intents } from '@discordeno/types';
import { Failures, PooledPosts, fail, settings, untilTold } from './post.mjs';

const { api, bot, shards, token, compress, mode } = settings(['none', 'zlib-stream', 'zstd-stream']);
if (!['', 'fetch', 'pool'].includes(mode)) {
  fail(`MODE=${mode}: wanted fetch or pool`);
}

const posts = mode === 'pool' ? new PooledPosts(bot) : fetches(bot);
let missing = shards;
let ending = false;

const manager = createGatewayManager({
  token,
  intents: Intents.Guilds | Intents.GuildMessages | Intents.DirectMessages,
  connection: await sessionInfo(),
  totalShards: shards,
  lastShardId: shards - 1,
  transportCompression: compress === 'none' ? null : compress,
  // The guide turns the conversion to camelCase off too: the bot is to get what Discord sent.
  preferSnakeCase: true,
  resharding: { enabled: false },
  events: {
    message: (shard, payload) => posts.post(shard.id, payload),
    identified: () => {
      missing -= 1;
      if (missing === 0) {
        console.log('ready');
      }
    },
    disconnected: (shard) => {
      if (!ending) {
        console.error(`shard ${shard.id} disconnected`);
      }
    },
  },
});

untilTold(posts.failures, () => {
  ending = true;
  return manager.shutdown(ShardSocketCloseCodes.Shutdown, 'done');
});
await manager.spawnShards();

async function sessionInfo() {
  const answer = await fetch(`${api}/gateway/bot`, { headers: { authorization: `Bot ${token}` } });
  const { url, shards: recommended, session_start_limit: limit } = await answer.json();
  return {
    url,
    shards: recommended,
    sessionStartLimit: {
      total: limit.total,
      remaining: limit.remaining,
      resetAfter: limit.reset_after,
      maxConcurrency: limit.max_concurrency,
    },
  };
}

function fetches(url) {
  const failures = new Failures();
  return {
    failures,
    async post(shardId, payload) {
      await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ shardId, data: payload }),
      })
        .then((answer) => {
          if (!answer.ok) {
            failures.add(`status ${answer.status}`);
          }
          return answer.text();
        })
        .catch((error) => failures.add(error.cause ?? error));
    },
  };
}
