import Storm

/// Components for YAML topologies that count words: `swift.yaml` beside this file puts them together.
///
/// ```
/// FluxWordCount flux --local --filter words.properties swift.yaml             # in this process, until all is counted
/// storm flux --program FluxWordCount --filter words.properties swift.yaml     # on a cluster
/// ```
@main
struct FluxWordCount: FluxProgram {
    static let components = FluxComponents {
        $0.component("words") { args in Set(try args.strings(0)) }
        $0.spout("lines") { args in Lines(try args.string(0)) }
        $0.bolt("split") { args in Split(without: try args.has("without") ? args.component("without") : []) }
        $0.bolt("count") { args in Count(output: try args.string(0)) }
    }
}
