internal import CZooKeeper

/// A znode's metadata, as the server keeps it.
public struct NodeStat: Hashable, Sendable {
    /// Transaction that created the node. Two nodes that had the same name differ in it.
    public var createdZxid: Int64
    /// Transaction that last changed the data.
    public var modifiedZxid: Int64
    /// Milliseconds since 1970, server clock.
    public var createdMilliseconds: Int64
    public var modifiedMilliseconds: Int64
    /// Version of the data: what `set` and `delete` compare with.
    public var version: Int32
    /// Version of the list of children.
    public var childrenVersion: Int32
    public var aclVersion: Int32
    /// The session whose end deletes the node; `none` for other nodes.
    public var ephemeralOwner: SessionID
    public var dataBytes: Int32
    public var childCount: Int32
    /// Transaction that last changed the list of children.
    public var childrenZxid: Int64

    public init(
        createdZxid: Int64 = 0, modifiedZxid: Int64 = 0, createdMilliseconds: Int64 = 0,
        modifiedMilliseconds: Int64 = 0, version: Int32 = 0, childrenVersion: Int32 = 0, aclVersion: Int32 = 0,
        ephemeralOwner: SessionID = .none, dataBytes: Int32 = 0, childCount: Int32 = 0, childrenZxid: Int64 = 0
    ) {
        self.createdZxid = createdZxid
        self.modifiedZxid = modifiedZxid
        self.createdMilliseconds = createdMilliseconds
        self.modifiedMilliseconds = modifiedMilliseconds
        self.version = version
        self.childrenVersion = childrenVersion
        self.aclVersion = aclVersion
        self.ephemeralOwner = ephemeralOwner
        self.dataBytes = dataBytes
        self.childCount = childCount
        self.childrenZxid = childrenZxid
    }

    init(_ stat: Stat) {
        self.init(
            createdZxid: stat.czxid, modifiedZxid: stat.mzxid, createdMilliseconds: stat.ctime,
            modifiedMilliseconds: stat.mtime, version: stat.version, childrenVersion: stat.cversion,
            aclVersion: stat.aversion, ephemeralOwner: SessionID(rawValue: stat.ephemeralOwner),
            dataBytes: stat.dataLength, childCount: stat.numChildren, childrenZxid: stat.pzxid)
    }
}

/// A session's number, given by the server.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// No session.
    public static let none = SessionID(rawValue: 0)

    /// In hexadecimal, as the server's log and `zkCli.sh` print it.
    public var description: String { "0x" + String(UInt64(bitPattern: rawValue), radix: 16) }
}
