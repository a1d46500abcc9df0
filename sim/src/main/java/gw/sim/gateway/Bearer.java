package gw.sim.gateway;

/** Who speaks: Discord refuses for good by token and shard. */
record Bearer(String token, int shardId) {
    @Override
    public String toString() {
        return "shard " + shardId;
    }
}
