// A thread of MODE=workers: its events don't cross to the main thread, they are POSTed from here.
import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import { WebSocketShardEvents, WorkerBootstrapper } from '@discordjs/ws';
import { PooledPosts } from './post.mjs';

const posts = new PooledPosts(process.env.BOT);
posts.failures.add = (reason) => parentPort.postMessage({ op: -1, failed: String(reason) });

await new WorkerBootstrapper().bootstrap({
  forwardEvents: [WebSocketShardEvents.Error, WebSocketShardEvents.Closed],
  shardCallback: (shard) => {
    shard.on(WebSocketShardEvents.Dispatch, (payload) => posts.post(shard.id, payload));
  },
});
