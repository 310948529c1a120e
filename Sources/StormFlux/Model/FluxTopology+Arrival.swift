import FoundationEssentials
import StormCore

extension FluxTopology {
    /// The topology of a `travelText`. Nothing is replaced in it any more.
    /// - Throws: `FluxFaults` for a text that is none.
    package init(travelText: String) throws(FluxFaults) {
        let place = FluxPlace("the submitted topology", 1)
        let value: ConfigValue
        do {
            value = try JSONDecoder().decode(ConfigValue.self, from: Data(travelText.utf8))
        } catch {
            throw FluxFaults([FluxFault(place, "", "cannot be read: \(error)")])
        }
        var reader = FluxDocumentReader()
        let document = reader.document(FluxNode(value, place))
        self.init(document, notices: [])
        let faults = reader.reader.faults + check()
        guard faults.isEmpty else { throw FluxFaults(faults) }
    }
}

extension FluxNode {
    /// A value that was read already; all of it stands at one place. Map keys are in order.
    init(_ value: ConfigValue, _ place: FluxPlace) {
        self.place = place
        switch value {
        case .list(let items): content = .list(items.map { FluxNode($0, place) })
        case .map(let entries):
            content = .map(
                entries.sorted { $0.key < $1.key }.map {
                    Entry(key: $0.key, place: place, node: FluxNode($0.value, place))
                })
        default: content = .scalar(value)
        }
    }
}
