import FoundationEssentials
import Glibc
import Logging
import StormCore
import StormProcess
import StormRuntime
import StormTransport

/// The pages of a daemon on its port, and the file that tells `storm health` which port that is.
struct DaemonPages {
    let board: PageBoard
    let port: Int
    private let listener: PageListener
    private let file: String
    private let logger: Logger

    /// Where a daemon of that name notes its port.
    static func portFile(_ daemon: String, _ config: Config) -> String {
        "\(LocalPath.absolute(config[.stormLocalDir]))/\(daemon)-http-port"
    }

    /// - Parameters:
    ///   - daemon: `nimbus` or `supervisor`.
    ///   - host: under which others reach this machine.
    init(_ daemon: String, host: String, port: Int, config: Config, logger: Logger) async throws {
        board = PageBoard("\(daemon) on \(host)")
        listener = try await PageListener.start(
            host: LoopbackName.includes(host) ? "127.0.0.1" : "0.0.0.0", port: port, source: board, logger: logger)
        self.port = listener.port
        file = Self.portFile(daemon, config)
        self.logger = logger
    }

    /// Notes the port. Not before the daemon's folder is its own.
    func note() {
        do {
            let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try SystemFile.writeAtomically(file, noted, mode: 0o644)
        } catch {
            logger.warning("the port of the pages cannot be noted; storm health must be told it: \(error)")
        }
    }

    func close() async {
        // While the port is ours, so is a note of it. Another's must stay: the folder may be no longer ours, or never was.
        if SystemFile.read(file, bytesMax: 64) == noted { unlink(file) }
        await listener.close()
    }

    private var noted: [UInt8] { Array("\(port)\n".utf8) }
}
