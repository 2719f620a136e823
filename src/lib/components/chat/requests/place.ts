/** Where a request stands: in its conversation, over the composer of a phone, or in the queue of the overview. */
export type Place = 'transcript' | 'sheet' | 'queue';
