import Glibc
import StormCore

/// Text to count.
enum Sentences {
    static let wordsPerSentence = 7

    /// Sentences of 7 words of 2 to 11 letters.
    static func generate(count: Int, seed: UInt64) -> [String] {
        var random = FastRandom(seed: seed)
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let words = (0..<2000).map { _ in
            String((0..<Int.random(in: 2...11, using: &random)).map { _ in letters.randomElement(using: &random)! })
        }
        var cumulative: [Double] = []
        for rank in words.indices { cumulative.append((cumulative.last ?? 0) + 1 / Double(rank + 1)) }
        return (0..<count).map { _ in
            (0..<wordsPerSentence).map { _ in
                let pick = Double.random(in: 0..<cumulative.last!, using: &random)
                return words[cumulative.firstIndex { $0 > pick }!]
            }.joined(separator: " ")
        }
    }

    /// - Throws: `PerfError` when the file cannot be read or has no text.
    static func lines(of path: String) throws -> [String] {
        guard let file = fopen(path, "r") else {
            throw PerfError("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = fread(&chunk, 1, chunk.count, file)
            if got == 0 { break }
            bytes += chunk[..<got]
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        guard !lines.isEmpty else { throw PerfError("\(path) has no text") }
        return lines
    }
}
