/// A file or folder in a zip archive, as the archive's directory tells it.
package struct ZipEntry: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file, folder
        /// A symbolic link; its content is where it leads.
        case link
        /// A device, a pipe.
        case special
    }

    package enum Method: Hashable, Sendable {
        case stored, deflated
        case unknown(UInt16)
    }

    /// As it is written; well-formed UTF-8.
    package let name: String
    package let kind: Kind
    package let method: Method
    package let isEncrypted: Bool
    package let crc32: UInt32
    package let packedBytes: Int64
    package let sizeBytes: Int64
    /// Whether anybody may execute it.
    package let isExecutable: Bool
    /// Where its own header begins.
    let headerOffset: Int64
}
