package gw.supervisor.config;

import gw.model.Secret;
import gw.model.TransportCompression;
import gw.supervisor.delivery.BatchSettings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All that the user chose for {@code gw start}, checked. Immutable.
 *
 * @param token the bot token, without "Bot "
 * @param url where events are POSTed
 * @param secret sent as the {@code Authorization} header of each delivery
 * @param intents the bit set for IDENTIFY
 * @param compression how Discord compresses
 * @param maxShards the bot's shard count; empty: what Discord recommends
 * @param firstShard empty: 0
 * @param lastShard inclusive; empty: the count - 1
 * @param shardsPerCluster most shards of one worker, unless maxClusters wins
 * @param maxClusters most workers
 * @param apiUrl Discord's REST API without the version, for example {@code https://discord.com/api}
 * @param identifyInterval least time between two IDENTIFYs of one bucket
 * @param identifyReserve session starts kept back for sessions that Discord ends
 * @param identifyAuthority the control address of another gw of this bot that hands out all
 *     identify tokens; empty: this one does it itself
 * @param presence a JSON object for IDENTIFY, {@code {{shard}}} stands for the shard id
 * @param largeThreshold 50..250; empty: Discord's default
 * @param properties IDENTIFY's connection properties: os, browser, device
 * @param stateDir absolute; need not exist
 * @param control where the control API listens; empty: a Unix socket in the state directory
 * @param waitForDiscord whether to wait when the session start limit is spent or Discord can't be
 *     reached
 * @param reshard when and how the shard count is changed
 * @param deliveryConcurrency most POSTs under way at once
 * @param batches how many events share a POST
 * @param deliveryTimeout for one POST, from its start to the end of the answer
 * @param queue of the events that wait for the bot
 * @param deferInteractions whether gw answers interactions in the bot's place, and who sees it
 * @param deferAfter how long the bot has for an interaction before that; 0.5 s to 2.5 s
 * @param workerTimeout a worker from which nothing was heard for so long is replaced
 * @param orphanTimeout how long workers wait for a supervisor that is gone
 * @param workerHeapMegabytes the workers' largest heap; empty: sized to their shards
 * @param maxMessageBytes largest message taken from Discord, after decompression
 */
public record SupervisorConfig(
        Secret token,
        URI url,
        Optional<Secret> secret,
        long intents,
        TransportCompression compression,
        OptionalInt maxShards,
        OptionalInt firstShard,
        OptionalInt lastShard,
        int shardsPerCluster,
        int maxClusters,
        URI apiUrl,
        Duration identifyInterval,
        int identifyReserve,
        Optional<ControlAddress> identifyAuthority,
        Optional<String> presence,
        OptionalInt largeThreshold,
        Map<String, String> properties,
        Path stateDir,
        Optional<ControlAddress> control,
        boolean waitForDiscord,
        ReshardConfig reshard,
        int deliveryConcurrency,
        BatchSettings batches,
        Duration deliveryTimeout,
        QueueConfig queue,
        DeferInteractions deferInteractions,
        Duration deferAfter,
        Duration workerTimeout,
        Duration orphanTimeout,
        OptionalInt workerHeapMegabytes,
        long maxMessageBytes) {
    public SupervisorConfig {
        properties = Map.copyOf(properties);
    }

    /**
     * The same against a sim.
     *
     * @param simToken the token that the sim takes
     * @param simApiUrl its REST API without the version
     * @param target where events go: its bot, or the user's
     * @param targetSecret sent with each delivery
     */
    public SupervisorConfig withSim(
            Secret simToken, URI simApiUrl, URI target, Optional<Secret> targetSecret) {
        return new SupervisorConfig(
                simToken,
                target,
                targetSecret,
                intents,
                compression,
                maxShards,
                firstShard,
                lastShard,
                shardsPerCluster,
                maxClusters,
                simApiUrl,
                identifyInterval,
                identifyReserve,
                identifyAuthority,
                presence,
                largeThreshold,
                properties,
                stateDir,
                control,
                waitForDiscord,
                reshard,
                deliveryConcurrency,
                batches,
                deliveryTimeout,
                queue,
                deferInteractions,
                deferAfter,
                workerTimeout,
                orphanTimeout,
                workerHeapMegabytes,
                maxMessageBytes);
    }
}
