import NIOCore
import StormWire

/// The client's introduction. Magic and version stand first and stay there in every version.
///
/// ```
/// u32 magic "STRM"   u16 version   u16 reserved
/// u64 incarnation    u64 plan fingerprint    u32 streams    i32 port
/// topology id, token, node: u16 byte count, UTF-8
/// ```
struct Hello: Equatable, Sendable {
    static let magic: UInt32 = 0x4D52_5453
    /// Of this program. Raised with every change of the wire format.
    static let currentVersion: UInt16 = 4

    var version = Hello.currentVersion
    /// Random per process: tells a restarted worker from a broken connection.
    var incarnation: UInt64
    /// `PlanFingerprint` of the sender's schema.
    var fingerprint: UInt64
    var streamCount: Int
    /// Where the sender itself listens.
    var port: Int
    var topologyID: String
    var token: String
    var node: String

    func encode(into buffer: inout ByteBuffer) {
        buffer.writeInteger(Hello.magic, endianness: .little)
        buffer.writeInteger(version, endianness: .little)
        buffer.writeInteger(UInt16(0), endianness: .little)
        buffer.writeInteger(incarnation, endianness: .little)
        buffer.writeInteger(fingerprint, endianness: .little)
        buffer.writeInteger(UInt32(truncatingIfNeeded: streamCount), endianness: .little)
        buffer.writeInteger(Int32(truncatingIfNeeded: port), endianness: .little)
        for text in [topologyID, token, node] { buffer.writeShortString(text) }
    }

    /// - Throws: `WireError`. Of another version only what stands first is read; the rest is left empty.
    init(decoding payload: inout ByteBuffer) throws(WireError) {
        guard payload.readInteger(endianness: .little, as: UInt32.self) == Hello.magic else {
            throw WireError("it is not a worker of ours: wrong magic number")
        }
        guard let version = payload.readInteger(endianness: .little, as: UInt16.self) else {
            throw WireError("the hello is cut off")
        }
        guard version == Hello.currentVersion else {
            self.init(
                version: version, incarnation: 0, fingerprint: 0, streamCount: 0, port: 0, topologyID: "", token: "",
                node: "")
            return
        }
        guard payload.readInteger(endianness: .little, as: UInt16.self) != nil,
            let incarnation = payload.readInteger(endianness: .little, as: UInt64.self),
            let fingerprint = payload.readInteger(endianness: .little, as: UInt64.self),
            let streamCount = payload.readInteger(endianness: .little, as: UInt32.self),
            let port = payload.readInteger(endianness: .little, as: Int32.self),
            let topologyID = payload.readShortString(), let token = payload.readShortString(),
            let node = payload.readShortString(), payload.readableBytes == 0
        else { throw WireError("the hello is cut off or has a bad text") }
        self.init(
            version: version, incarnation: incarnation, fingerprint: fingerprint, streamCount: Int(streamCount),
            port: Int(port), topologyID: topologyID, token: token, node: node)
    }

    init(
        version: UInt16 = Hello.currentVersion, incarnation: UInt64, fingerprint: UInt64, streamCount: Int, port: Int,
        topologyID: String, token: String, node: String
    ) {
        self.version = version
        self.incarnation = incarnation
        self.fingerprint = fingerprint
        self.streamCount = streamCount
        self.port = port
        self.topologyID = topologyID
        self.token = token
        self.node = node
    }

    /// Judges another worker's hello by one's own. Pure.
    /// - Returns: nil when it is accepted, else why not; the text never repeats a token.
    func refusal(of other: Hello) -> String? {
        if other.version != version { return "protocol version \(other.version), this worker speaks \(version)" }
        if !Hello.isEqualInConstantTime(other.token, token) { return "wrong worker token" }
        if other.topologyID != topologyID {
            return "topology '\(other.topologyID)', this is a worker of '\(topologyID)'"
        }
        if other.streamCount != streamCount {
            return "its topology has \(other.streamCount) streams, here it has \(streamCount)"
        }
        if other.fingerprint != fingerprint { return "its topology has other components, streams or tasks than here" }
        return nil
    }

    /// Does not tell by its duration how much of the secret was right.
    private static func isEqualInConstantTime(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
