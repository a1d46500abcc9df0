package gw.supervisor.delivery;

import gw.supervisor.log.LogEntry;

/** What goes to the bot with one request, and who hears of it. Owned by the data event loop. */
public interface Parcel {
    /** Events in it, at least one; of one guild in their order. */
    int size();

    /** One of them, from 0. */
    LogEntry entry(int index);

    /** 1 for the first try. */
    int attempt();

    /** Hears the outcome: once for each {@link DeliverySink#send}, never within it. */
    void result(DeliveryResult result);
}
