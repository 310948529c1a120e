import FoundationEssentials
import Glibc
import StormTestSupport

// Reads pages of metrics (files, or - for standard input) with the strict reader, and says what is wrong with them.
// usage: ExpositionCheck FILE…     exit status 1 when one of them is not as it should be

var isSound = true
for name in CommandLine.arguments.dropFirst() {
    do {
        let file = name == "-" ? "/dev/stdin" : name
        let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
        let page = try ExpositionParser.parse(text)
        let series = page.families.reduce(0) { $0 + $1.samples.count }
        print("\(name): \(page.families.count) metrics, \(series) series")
    } catch {
        print("\(name): \(error)")
        isSound = false
    }
}
exit(isSound ? 0 : 1)
