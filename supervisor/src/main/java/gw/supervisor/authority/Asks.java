package gw.supervisor.authority;

import gw.proto.v1.AuthorityAsk;

import java.util.List;

/** The words of a supervisor to the authority. */
final class Asks {
    private Asks() {}

    static AuthorityAsk wanted(int key, boolean replacesLostSession) {
        return AuthorityAsk.newBuilder()
                .setWanted(
                        AuthorityAsk.Wanted.newBuilder()
                                .setKey(key)
                                .setReplacesLostSession(replacesLostSession))
                .build();
    }

    static AuthorityAsk ready(int key) {
        return AuthorityAsk.newBuilder()
                .setReady(AuthorityAsk.Ready.newBuilder().setKey(key))
                .build();
    }

    static AuthorityAsk sent(int key, long grantId) {
        return AuthorityAsk.newBuilder()
                .setSent(AuthorityAsk.Sent.newBuilder().setKey(key).setGrantId(grantId))
                .build();
    }

    static AuthorityAsk released(int key, long grantId) {
        return AuthorityAsk.newBuilder()
                .setReleased(AuthorityAsk.Released.newBuilder().setKey(key).setGrantId(grantId))
                .build();
    }

    static AuthorityAsk answered(int key, boolean accepted) {
        return AuthorityAsk.newBuilder()
                .setAnswered(AuthorityAsk.Answered.newBuilder().setKey(key).setAccepted(accepted))
                .build();
    }

    static AuthorityAsk workerLost(List<Integer> keys) {
        return AuthorityAsk.newBuilder()
                .setWorkerLost(AuthorityAsk.Keys.newBuilder().addAllKeys(keys))
                .build();
    }

    static AuthorityAsk forget(List<Integer> keys) {
        return AuthorityAsk.newBuilder()
                .setForget(AuthorityAsk.Keys.newBuilder().addAllKeys(keys))
                .build();
    }

    static AuthorityAsk background(int slot, boolean on) {
        return AuthorityAsk.newBuilder()
                .setBackground(AuthorityAsk.Background.newBuilder().setSlot(slot).setOn(on))
                .build();
    }

    static AuthorityAsk tryOneFirst() {
        return AuthorityAsk.newBuilder()
                .setTryOneFirst(AuthorityAsk.TryOneFirst.getDefaultInstance())
                .build();
    }
}
