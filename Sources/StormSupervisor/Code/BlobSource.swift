/// Where the supervisor gets submitted code from: a nimbus, behind an adapter.
package protocol BlobSource: Sendable {
    /// Writes a blob's bytes to a new file. The caller checks the content again, and removes the file on failure.
    ///
    /// Waits have their own deadlines inside. Any error is worth another try.
    func download(_ key: String, to file: String, expectedSHA256: String) async throws
}
