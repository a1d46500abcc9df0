package gw.sim.bot;

/** An event of a request; its payload stands in the body from {@code from} up to {@code to}. */
record Delivery(EventHead head, int from, int to) {}
