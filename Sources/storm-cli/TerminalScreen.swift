import Dispatch
import Glibc
import StormConsole
import UnixSignals

/// What happens while a screen is shown.
enum ScreenEvent: Sendable {
    case quit
    case resized
    /// Asked to end by a signal.
    case interrupted(UnixSignal)
    /// What was looked at in the background.
    case looked(Result<[TopSample], any Error>)
}

/// The terminal as one picture that is drawn anew: alternate screen, no echo, no cursor. `close` gives it back as it was.
final class TerminalScreen {
    private let old: termios?
    private let keys: (any DispatchSourceRead)?
    private let signals: Task<Void, Never>
    private let continuation: AsyncStream<ScreenEvent>.Continuation
    /// One consumer.
    let events: AsyncStream<ScreenEvent>

    /// Whether standard output is a terminal that can move its cursor.
    static func isPossible(_ environment: [String: String]) -> Bool {
        isatty(1) == 1 && !["", "dumb"].contains(environment["TERM"] ?? "")
    }

    init() async {
        let (events, continuation) = AsyncStream.makeStream(
            of: ScreenEvent.self, bufferingPolicy: .bufferingNewest(64))
        self.events = events
        self.continuation = continuation
        old = Self.silence()
        keys = old == nil ? nil : Self.readKeys(continuation)
        let traps = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup, .sigwinch)
        signals = Task {
            for await signal in traps { continuation.yield(signal == .sigwinch ? .resized : .interrupted(signal)) }
        }
        Self.write("\u{1B}[?1049h\u{1B}[?25l")
    }

    /// Once, whatever ended the picture.
    func close() {
        signals.cancel()
        keys?.cancel()
        continuation.finish()
        Self.write("\u{1B}[?25h\u{1B}[?1049l")
        if var old { tcsetattr(0, TCSAFLUSH, &old) }
    }

    /// Characters and lines; a terminal that does not tell has 80 by 24.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes over what is there, so that nothing flickers.
    func draw(_ lines: [String]) {
        var text = "\u{1B}[H"
        for (index, line) in lines.enumerated() { text += (index > 0 ? "\r\n" : "") + line + "\u{1B}[K" }
        Self.write(text + "\u{1B}[J")
    }

    /// Has `look` done after so long, beside what happens here.
    func look(after delay: Duration, _ look: @escaping @Sendable () async throws -> [TopSample]) -> Task<Void, Never> {
        let continuation = continuation
        return Task {
            // Cancelled at the end only.
            guard (try? await Task.sleep(for: delay)) != nil else { return }
            do {
                continuation.yield(.looked(.success(try await look())))
            } catch {
                continuation.yield(.looked(.failure(error)))
            }
        }
    }

    /// Keys come one by one and are not shown; Ctrl-Z would leave the terminal as it is, so it does nothing.
    /// - Returns: the settings before; nil when standard input is no terminal.
    private static func silence() -> termios? {
        var settings = termios()
        guard isatty(0) == 1, tcgetattr(0, &settings) == 0 else { return nil }
        let old = settings
        settings.c_lflag &= ~(tcflag_t(ICANON) | tcflag_t(ECHO))
        withUnsafeMutableBytes(of: &settings.c_cc) {
            $0[Int(VMIN)] = 1
            $0[Int(VTIME)] = 0
            $0[Int(VSUSP)] = 0
        }
        guard tcsetattr(0, TCSAFLUSH, &settings) == 0 else { return nil }
        return old
    }

    private static func readKeys(_ continuation: AsyncStream<ScreenEvent>.Continuation) -> any DispatchSourceRead {
        let source = DispatchSource.makeReadSource(fileDescriptor: 0, queue: .global())
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(0, &bytes, bytes.count)
            let isQuit = bytes.prefix(max(0, count)).contains {
                [UInt8(ascii: "q"), UInt8(ascii: "Q"), 4].contains($0)
            }
            // Without the other side of the terminal nobody looks any more; 4 is Ctrl-D.
            if count <= 0 || isQuit { continuation.yield(.quit) }
        }
        source.resume()
        return source
    }

    private static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return }
            bytes = bytes.dropFirst(max(0, count))
        }
    }
}
