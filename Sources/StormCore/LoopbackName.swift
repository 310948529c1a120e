/// Names of this machine that no other machine can use.
public enum LoopbackName {
    /// Whether a daemon that is known to others by this name need not listen on any other address than the loopback one.
    public static func includes(_ host: String) -> Bool {
        host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
