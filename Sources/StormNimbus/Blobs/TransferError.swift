/// An upload or a download that cannot go on; its text is for the client.
package struct TransferError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    static func unknown(_ session: String) -> TransferError {
        TransferError(
            description:
                "no transfer '\(session)' is open here: it has ended, expired, or belonged to another nimbus process")
    }

    static func busy(_ session: String) -> TransferError {
        TransferError(description: "transfer '\(session)' is in use by another call")
    }

    static func tooMany(_ count: Int) -> TransferError {
        TransferError(description: "\(count) transfers are open, which is the limit; try again later")
    }
}
