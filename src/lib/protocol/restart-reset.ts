/**
 * What a terminal is told when its program is started anew (`restarted`): to leave what the last one may have left behind, such
 * as the alternate screen, mouse reports or colours, and to keep what is written. Everybody who draws a worker's output draws
 * this at that event, so that all see the same.
 */
export const RESTART_RESET =
	// Saving first, so that leaving an alternate screen that was never entered moves nothing.
	'\x1b7\x1b[?1049l\x1b[!p\x1b[?9;1000;1002;1003;1006;1016l\x1b[20l\x1b]8;;\x1b\\\r\n';
