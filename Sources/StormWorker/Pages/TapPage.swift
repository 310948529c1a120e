import StormCore
import StormRuntime

/// `/tap?component=…`: begins or goes on with a tap, and answers with a `TapAnswer`.
///
/// Besides `component`: `input=1` for what it receives, `stream`, `where` (a `TapFilter`), `rate` (samples in a second,
/// 1 to 1000), `after` (the `next` of the answer before). The tap ends 10 s after the last question.
struct TapPage: WorkerPage {
    static let path = "/tap"
    static let title =
        "samples of the tuples of a component: ?component=NAME[&input=1][&stream=][&where=][&rate=][&after=]"

    func page(_ view: WorkerView, query: [String: String]) async -> Page {
        guard let component = query["component"], !component.isEmpty else {
            return .text("the component is missing: /tap?component=NAME\n", status: 400)
        }
        do {
            let tap = TapQuery(
                component: component, isInput: query["input"] == "1", stream: query["stream"],
                filter: try query["where"].map { text throws(TextPattern.Fault) in try TapFilter(text) },
                perSecond: query["rate"].flatMap { Int($0) } ?? 10)
            return .json(
                try view.engine.tap(
                    tap, after: query["after"].flatMap { Int($0) } ?? 0, topologyID: view.topologyID, host: view.host,
                    port: view.port))
        } catch let fault as TextPattern.Fault {
            return .text("where: \(fault)\n", status: 400)
        } catch {
            return .text("\(error)\n", status: 409)
        }
    }
}
