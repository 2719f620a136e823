/** One terminal on the page: what the log says, drawn, and what is typed into it. Knows nothing of connections. */
import type { Terminal } from '@xterm/xterm';
import { ResizePayload } from '$lib/protocol/event';
import { RESTART_RESET } from '$lib/protocol/restart-reset';
import { clipboardRequest } from './clipboard';
import { CursorFollower } from './cursor-follower';
import { TerminalFind } from './terminal-find';
import type { Found } from './find';
import { openLink, safeAddress } from './links';
import type { Xterm } from './load-xterm';
import { useWebgl } from './renderer';
import { screenText } from './screen-text';
import type { Size } from './size-claim';
import type { StreamItem } from '../connection/stream';
import { swallowQueries } from './swallow-queries';
import { terminalOptions, type TerminalOptions } from './terminal-options';
import { onThemeChange, readTerminalTheme } from './terminal-theme';

export interface ScreenOptions extends TerminalOptions {
	onInput(bytes: Uint8Array): void;
	/** What becomes of typed text before it is sent. */
	transform(text: string): string;
	/** The terminal took another size, as the log says. */
	onSize(size: Size, by: string | null): void;
	onScrolled(atBottom: boolean): void;
	onFound(found: Found): void;
	/** A program asks to put text on the clipboard. */
	onCopy(text: string): void;
	/** @returns whether the terminal handles the key itself */
	onKey(event: KeyboardEvent): boolean;
}

const Sized = ResizePayload.extend({ clientId: ResizePayload.shape.clientId.default(null) });

export class TerminalScreen {
	/** Moves between places on the page with all that it shows. */
	readonly element = document.createElement('div');
	readonly #terminal: Terminal;
	readonly #fit: InstanceType<Xterm['FitAddon']>;
	readonly find: TerminalFind;
	readonly #cursor: CursorFollower;
	readonly #encoder = new TextEncoder();
	readonly #cleanup: (() => void)[] = [];
	#isOpen = false;
	#atBottom = true;
	/** Output up to here is a repetition of what already happened: it asks for nothing any more. */
	#repeatsUpTo = Infinity;
	#drawn = 0;
	/** Less than a row of a finger's way. */
	#unscrolledPx = 0;

	constructor(
		private readonly xterm: Xterm,
		private readonly options: ScreenOptions
	) {
		this.element.className = 'terminal-screen';
		this.#terminal = new xterm.Terminal(terminalOptions(options));
		this.#fit = new xterm.FitAddon();
		const terminal = this.#terminal;
		terminal.loadAddon(this.#fit);
		this.find = new TerminalFind(terminal, xterm, {
			onFound: options.onFound,
			onToggled: () => this.#applyTheme()
		});
		terminal.loadAddon(new xterm.Unicode11Addon());
		terminal.unicode.activeVersion = '11';
		terminal.loadAddon(
			new xterm.WebLinksAddon((_event, text) => openLink(text), {
				hover: (_event, text) => options.onLink(safeAddress(text)),
				leave: () => options.onLink(null)
			})
		);
		swallowQueries(terminal);
		terminal.parser.registerOscHandler(52, (data) => this.#copyRequest(data));
		terminal.onData((text) => {
			this.#cursor.show();
			options.onInput(this.#encoder.encode(options.transform(text)));
		});
		terminal.onBinary((text) => options.onInput(Uint8Array.from(text, (char) => char.charCodeAt(0))));
		this.#cursor = new CursorFollower(this.element, terminal);
		terminal.onRender(() => {
			this.#followScroll();
			this.#cursor.drawn();
		});
		terminal.attachCustomKeyEventHandler((event) => options.onKey(event));
		this.#cleanup.push(onThemeChange(document.documentElement, () => this.#applyTheme()));
		// A glyph drawn before its font came stays wrong in the renderer's memory.
		const redraw = () => terminal.clearTextureAtlas();
		document.fonts.addEventListener('loadingdone', redraw);
		this.#cleanup.push(() => document.fonts.removeEventListener('loadingdone', redraw));
	}

	/** Puts the terminal into a place on the page, which gives it its room. */
	mount(place: HTMLElement): void {
		place.append(this.element);
		if (this.#isOpen) return this.#cursor.show();
		this.#isOpen = true;
		this.#terminal.open(this.element);
		useWebgl(this.#terminal, this.xterm);
		this.#catchPaste();
		Object.assign(this.element, { readScreen: () => this.text() });
	}

	/** Takes it off the page; it goes on taking output. */
	unmount(): void {
		this.element.remove();
	}

	dispose(): void {
		for (const clean of this.#cleanup) clean();
		this.#terminal.dispose();
		this.element.remove();
	}

	/** The size that its place has room for; null while it has none. */
	room(): Size | null {
		if (!this.element.isConnected || this.element.clientHeight === 0) return null;
		return this.#fit.proposeDimensions() ?? null;
	}

	/** Its place has another size. */
	placed(): void {
		this.#cursor.placed();
	}

	/** Takes a size that no log entry tells of, when no program is there to be told. */
	resize({ cols, rows }: Size): void {
		this.#terminal.resize(cols, rows);
	}

	get size(): Size {
		return { cols: this.#terminal.cols, rows: this.#terminal.rows };
	}

	/** Output after this place in the log is new, and may ask for something, such as the clipboard. */
	repeatsUpTo(seq: number): void {
		this.#repeatsUpTo = seq;
	}

	/** Draws one thing of the log, in order. */
	take(item: StreamItem, written: () => void): void {
		const drawn = () => {
			this.#drawn = item.seq;
			written();
		};
		switch (item.kind) {
			case 'output':
				return this.#terminal.write(item.bytes, drawn);
			case 'snapshot':
				// In the queue of what is to be drawn, so that it comes after what was written before it.
				this.#terminal.write('', () => {
					this.#terminal.reset();
					this.#terminal.resize(item.cols, item.rows);
					this.options.onSize(item, null);
				});
				return this.#terminal.write(item.data, drawn);
			case 'event': {
				const isStart = item.channel === 'system:status' && /^(re)?started$/.test(item.eventType);
				return this.#terminal.write(item.eventType === 'restarted' ? RESTART_RESET : '', () => {
					if (isStart || item.channel === 'pty:resize') this.#resized(item.payload);
					drawn();
				});
			}
		}
	}

	/** Of a `pty:resize`, or of a program's start, which nobody in particular asked for. */
	#resized(payload: unknown): void {
		const size = Sized.safeParse(payload).data;
		if (!size) return;
		this.#terminal.resize(size.cols, size.rows);
		this.options.onSize(size, size.clientId);
	}

	focus(): void {
		this.#terminal.focus();
	}

	blur(): void {
		this.#terminal.blur();
	}

	get hasFocus(): boolean {
		return document.activeElement !== null && document.activeElement === this.#terminal.textarea;
	}

	setFont(px: number): void {
		this.#terminal.options.fontSize = px;
	}

	setScreenReader(on: boolean): void {
		this.#terminal.options.screenReaderMode = on;
	}

	/** Whether the program wants arrows in its own form. */
	get applicationCursorKeys(): boolean {
		return this.#terminal.modes.applicationCursorKeysMode;
	}

	get bracketedPaste(): boolean {
		return this.#terminal.modes.bracketedPasteMode;
	}

	/** Types text as if it were pasted: as one piece, where the program can tell. */
	paste(text: string): void {
		this.#terminal.paste(text);
	}

	get selection(): string {
		return this.#terminal.getSelection();
	}

	clearSelection(): void {
		this.#terminal.clearSelection();
	}

	selectAll(): void {
		this.#terminal.selectAll();
	}

	/** Screen and scrollback as plain text. */
	text(): string {
		return screenText(this.#terminal.buffer.active);
	}

	/** Forgets what has scrolled by; the log keeps it. */
	clear(): void {
		this.#terminal.clear();
	}

	scrollToBottom(): void {
		this.#terminal.scrollToBottom();
		this.#cursor.show();
	}

	/** Keeps its last row clear of what lies over its lower edge. */
	cover(px: number): void {
		this.#cursor.cover(px);
	}

	/** Scrolls as a finger does: through what has gone by, or in a program that takes the wheel. Positive is down. */
	scrollBy(deltaPx: number, at: { clientX: number; clientY: number }): void {
		const target = this.element.querySelector('.xterm-screen');
		if (!target) return;
		// What is below the place comes after what is below the screen.
		const deltaY = deltaPx > 0 && !this.#atBottom ? deltaPx : this.#cursor.pan(deltaPx);
		if (this.#terminal.buffer.active.type === 'alternate' || this.#terminal.modes.mouseTrackingMode !== 'none') {
			if (deltaY === 0) return;
			target.dispatchEvent(new WheelEvent('wheel', { deltaY, ...at, bubbles: true, cancelable: true }));
			return;
		}
		this.#unscrolledPx += deltaY;
		const rowPx = target.clientHeight / this.#terminal.rows;
		const lines = Math.trunc(this.#unscrolledPx / rowPx);
		this.#unscrolledPx -= lines * rowPx;
		if (lines !== 0) this.#terminal.scrollLines(lines);
	}

	#applyTheme(): void {
		const { hits, options } = readTerminalTheme(document.documentElement);
		this.#terminal.options.theme = { ...options.theme, ...this.find.colors(hits) };
		this.#terminal.options.minimumContrastRatio = options.minimumContrastRatio;
	}

	#followScroll(): void {
		const { viewportY, baseY } = this.#terminal.buffer.active;
		const atBottom = viewportY >= baseY;
		if (atBottom === this.#atBottom) return;
		this.#atBottom = atBottom;
		this.options.onScrolled(atBottom);
	}

	#copyRequest(data: string): boolean {
		const text = this.#drawn >= this.#repeatsUpTo && this.hasFocus ? clipboardRequest(data) : null;
		if (text) this.options.onCopy(text);
		return true;
	}

	/** Takes pastes before the browser puts megabytes into a hidden text field. */
	#catchPaste(): void {
		const take = (event: ClipboardEvent) => {
			const text = event.clipboardData?.getData('text/plain');
			event.preventDefault();
			event.stopPropagation();
			if (text) this.paste(text);
		};
		this.element.addEventListener('paste', take, { capture: true });
	}
}
