import Glibc
import NIOCore

extension TransportError {
    /// Why nothing can listen there: `portInUse` or `bindFailed`, with the system's reason in its words.
    static func binding(_ host: String, _ port: Int, _ error: any Error) -> TransportError {
        let place = "\(host):\(port)"
        guard let fault = error as? IOError else {
            return TransportError(.bindFailed, "cannot listen on \(place)", cause: error)
        }
        if fault.errnoCode == EADDRINUSE { return TransportError(.portInUse, "another process listens on \(place)") }
        return TransportError(.bindFailed, "cannot listen on \(place): \(String(cString: strerror(fault.errnoCode)))")
    }
}
