/** A worker's terminal on this page: its connection, its screen and what the page shows about them. */
import type { CaughtUp, ConnectionStatus } from '../connection/connection-status';
import type { Found } from './find';
import type { Xterm } from './load-xterm';
import { PasteProgress } from './paste-progress.svelte';
import { SizeClaim, sameSize, type Size } from './size-claim';
import type { StreamItem } from '../connection/stream';
import { TerminalScreen } from './terminal-screen';
import { WorkerConnection, type Socket } from '../connection/worker-connection';

/** How long the good news of a reconnect stands. */
const CAUGHT_UP_SHOWN_MS = 4_000;
const SEQ_SHOWN_EVERY_MS = 250;

export interface WorkerTerminalOptions {
	sessionId: string;
	workerId: string;
	/** Of this page: two pages of one browser have sizes of their own. */
	clientId: string;
	/** Whether its place on the page decides the program's size. A phone asks only when told to or alone. */
	offersSize: boolean;
	fontPx: number;
	screenReader: boolean;
	/** What the sticky keys of a key bar make of typed text. */
	transform(text: string): string;
	onKey(event: KeyboardEvent): boolean;
	onCopy(text: string): void;
	onRefused(sentence: string): void;
	openSocket(path: string, protocol: string): Socket;
}

export class WorkerTerminal {
	status = $state.raw<ConnectionStatus>({ kind: 'connecting' });
	/** What the last reconnect came to, for as long as it is news. */
	caughtUp = $state.raw<CaughtUp | null>(null);
	viewers = $state(1);
	/** The program's size. */
	size = $state.raw<Size | null>(null);
	/** What there is room for here. */
	room = $state.raw<Size | null>(null);
	/** The last event drawn, told now and then. */
	seq = $state(0);
	atBottom = $state(true);
	link = $state.raw<string | null>(null);
	found = $state.raw<Found>({ kind: 'nothing_sought' });
	/** Whether the first screen has been drawn. */
	drawn = $state(false);
	readonly paste: PasteProgress;
	readonly screen: TerminalScreen;
	/** Whether a program is there to type to and to give a size to. */
	#hasProgram = true;
	#lastSeq = 0;
	#drawnSeq = 0;
	#newsTimer: ReturnType<typeof setTimeout> | undefined;
	#seqTimer: ReturnType<typeof setTimeout> | undefined;
	readonly #connection: WorkerConnection;
	readonly #claim: SizeClaim;

	constructor(
		xterm: Xterm,
		private readonly options: WorkerTerminalOptions
	) {
		const { sessionId, workerId, clientId, openSocket } = options;
		this.#claim = new SizeClaim(clientId, (size) => this.#connection.resize(size));
		this.screen = new TerminalScreen(xterm, {
			fontPx: options.fontPx,
			screenReader: options.screenReader,
			onInput: (bytes) => this.type(bytes),
			transform: options.transform,
			onSize: (size, by) => {
				this.size = size;
				this.#claim.changed(by);
				this.#considerSize();
			},
			onScrolled: (atBottom) => (this.atBottom = atBottom),
			onFound: (found) => (this.found = found),
			onLink: (link) => (this.link = link),
			onCopy: options.onCopy,
			onKey: options.onKey
		});
		this.#connection = new WorkerConnection({
			sessionId,
			workerId,
			clientId,
			openSocket,
			size: () => {
				const offer = options.offersSize && this.#hasProgram ? this.room : null;
				this.#claim.offered(offer);
				return offer;
			},
			sink: (item, written) => this.#draw(item, written),
			onStatus: (status) => (this.status = status),
			onAttached: (attached) => {
				this.viewers = attached.viewers;
				this.size ??= { cols: attached.cols, rows: attached.rows };
				this.#lastSeq = attached.lastSeq;
				this.screen.repeatsUpTo(attached.lastSeq);
				if (attached.lastSeq === 0) this.drawn = true;
				this.#considerSize();
			},
			onCaughtUp: (outcome) => this.#tellCaughtUp(outcome),
			onTransient: (channel, payload) => {
				if (channel === 'viewers') this.#countViewers(payload);
			},
			onError: options.onRefused
		});
		this.paste = new PasteProgress(this.#connection);
		this.#connection.open();
	}

	dispose(): void {
		clearTimeout(this.#newsTimer);
		clearTimeout(this.#seqTimer);
		this.paste.dispose();
		this.#connection.close();
		this.screen.dispose();
	}

	/** The program has another size than there is room for here, and others look on. */
	get isSizedElsewhere(): boolean {
		return this.#hasProgram && this.room !== null && this.size !== null && !sameSize(this.room, this.size);
	}

	set hasProgram(has: boolean) {
		if (has === this.#hasProgram) return;
		this.#hasProgram = has;
		this.#considerSize();
	}

	/** Its place on the page has changed, or it has a place again. */
	placed(): void {
		const room = this.screen.room();
		if (room && !sameSize(room, this.room)) this.room = room;
		this.screen.placed();
		this.#considerSize();
	}

	/** Gives the program the size of this place, whoever else looks on. */
	fit(): void {
		if (this.room) this.#claim.take(this.room);
	}

	tryNow(): void {
		this.#connection.tryNow();
	}

	dismissNews(): void {
		this.caughtUp = null;
	}

	type(bytes: Uint8Array): void {
		if (!this.#hasProgram) return;
		if (!this.#connection.type(bytes)) {
			return this.options.onRefused('That is more than can wait for the program. Nothing of it was sent.');
		}
		this.paste.watch(bytes.length);
	}

	/** Types what a key bar's key sends. */
	send(sequence: string): void {
		this.type(new TextEncoder().encode(sequence));
	}

	/** Ends a long paste; the program is told that it is over. */
	cancelPaste(): void {
		this.#connection.dropWaiting();
		if (this.screen.bracketedPaste) this.send('\x1b[201~');
	}

	#draw(item: StreamItem, written: () => void): void {
		this.screen.take(item, () => {
			written();
			this.#drawnSeq = item.seq;
			if (item.kind === 'snapshot' || item.seq >= this.#lastSeq) this.drawn = true;
			if (!this.#hasProgram && item.seq >= this.#lastSeq) this.#considerSize();
			this.#seqTimer ??= setTimeout(() => {
				this.#seqTimer = undefined;
				this.seq = this.#drawnSeq;
			}, SEQ_SHOWN_EVERY_MS);
		});
	}

	#considerSize(): void {
		const isHere = this.screen.element.isConnected;
		if (!this.room || !isHere) return;
		if (this.#hasProgram) return this.#claim.consider(this.room, this.size, this.viewers);
		// Nobody is there to be told; what was written is drawn to fit.
		if (this.#drawnSeq >= this.#lastSeq && !sameSize(this.screen.size, this.room)) this.screen.resize(this.room);
	}

	#countViewers(payload: unknown): void {
		const count = typeof payload === 'object' && payload !== null && 'count' in payload ? payload.count : null;
		if (typeof count !== 'number') return;
		this.viewers = count;
		this.#considerSize();
	}

	#tellCaughtUp(outcome: CaughtUp): void {
		this.caughtUp = outcome;
		clearTimeout(this.#newsTimer);
		this.#newsTimer = setTimeout(() => (this.caughtUp = null), CAUGHT_UP_SHOWN_MS);
	}
}
