package gw.supervisor.delivery;

/** Where events go. All calls are on the data event loop. */
public interface DeliverySink {
    /** Tries to deliver; the parcel hears the outcome. */
    void send(Parcel parcel);

    /** Breaks off what is under way and frees all. */
    void close();

    /** Where it delivers to, safe to be shown. */
    String target();
}
