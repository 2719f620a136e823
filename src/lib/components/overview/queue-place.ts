/** Where a card stands in the queue. */
export interface QueuePlace {
	/** From 1. */
	position: number;
	total: number;
	/** Whether Tab comes to it: a feed is one stop. */
	isTabStop: boolean;
	onfocus: () => void;
}
