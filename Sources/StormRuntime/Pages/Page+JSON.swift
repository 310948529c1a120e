import FoundationEssentials

extension Page {
    /// One JSON object, its names sorted, and a line end.
    package static func json(_ value: some Encodable, status: Int = 200) -> Page {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            var body = Array(try encoder.encode(value))
            body.append(UInt8(ascii: "\n"))
            return Page(status: status, contentType: "application/json", body: body)
        } catch {
            return .text("the page could not be made: \(error)\n", status: 500)
        }
    }
}
