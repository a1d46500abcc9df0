package gw.supervisor.identify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Keeps what the limiter told. */
final class Heard implements IdentifyListener {
    record Token(int shardId, long id) {}

    final List<Integer> turns = new ArrayList<>();
    final List<Token> grants = new ArrayList<>();
    final List<Instant> exhausted = new ArrayList<>();
    int freshLimitsWanted;

    @Override
    public void turn(int shardId) {
        turns.add(shardId);
    }

    @Override
    public void grant(int shardId, long grantId, Duration validFor) {
        grants.add(new Token(shardId, grantId));
    }

    @Override
    public void limitExhausted(Instant until) {
        exhausted.add(until);
    }

    @Override
    public void wantsFreshLimit() {
        freshLimitsWanted++;
    }

    List<Integer> granted() {
        return grants.stream().map(Token::shardId).toList();
    }

    long tokenOf(int shardId) {
        return grants.stream()
                .filter(token -> token.shardId() == shardId)
                .reduce((_, latest) -> latest)
                .orElseThrow()
                .id();
    }

    Token last() {
        return grants.getLast();
    }
}
