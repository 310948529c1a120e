/// Why a worker cannot run. The text goes to its log and, through the supervisor, to the topology's errors.
package struct WorkerError: Error, CustomStringConvertible {
    package struct Code: Hashable, Sendable {
        let name: String
        package static let differentTopology = Code(name: "different-topology")
        package static let notAssigned = Code(name: "not-assigned")
    }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
