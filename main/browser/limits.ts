/** What the host takes at most of whoever reaches its port, so that nobody keeps it from the clerk's own window. */

/** Connections at once. A window has one socket, six more for files, and other windows of the program are few. */
export const mostConnections = 200;
/** Calls of one window that wait for their answer. A screen asks some ten at once. */
export const mostWaitingCalls = 500;
/** Largest message a window sends: a list of some thousand students with room to spare. */
export const maxMessageBytes = 4 * 1024 * 1024;
/** Milliseconds in which the headers of a request must have come. */
export const headersPatience = 20_000;
