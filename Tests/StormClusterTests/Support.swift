import StormCluster

/// Bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The code of the coordination error that `body` throws; nil when it throws none.
func failure(_ body: () async throws -> Void) async -> CoordinationError.Code? {
    do {
        try await body()
        return nil
    } catch let error as CoordinationError {
        return error.code
    } catch {
        return CoordinationError.Code("other: \(error)")
    }
}
