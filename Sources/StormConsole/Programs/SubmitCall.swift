/// What a topology's program is asked for by `submit`: the options in front of the topology's own arguments. Pure.
package struct SubmitCall: Equatable, Sendable {
    package var name: String
    package var wait: WaitRequest?
    package var isJSON: Bool

    package init(name: String, wait: WaitRequest? = nil, isJSON: Bool = false) {
        self.name = name
        self.wait = wait
        self.isJSON = isJSON
    }

    /// As `init(arguments:)` takes them.
    package var arguments: [String] {
        let waiting = wait.map { ["--wait", "--timeout", "\($0.limitSeconds)"] } ?? []
        return ["--name", name] + waiting + (isJSON ? ["--json"] : [])
    }

    /// - Parameter rest: gets everything from the first argument on that is none of these options.
    /// - Throws: a failure of the command line.
    package init(_ arguments: [String], rest: inout [String]) throws(CommandFailure) {
        guard arguments.count >= 2, arguments[0] == "--name" else {
            throw .usage("submit: begin with --name NAME")
        }
        self.init(name: arguments[1])
        var left = arguments.dropFirst(2)
        var seconds: Int?
        var waits = false
        loop: while let argument = left.first {
            switch argument {
            case "--wait": waits = true
            case "--json": isJSON = true
            case "--timeout":
                left = left.dropFirst()
                guard let number = left.first.flatMap({ Int($0) }), number > 0 else {
                    throw .usage("submit: --timeout SECONDS, with a whole number from 1 on")
                }
                seconds = number
            default: break loop
            }
            left = left.dropFirst()
        }
        if let seconds, !waits { throw .usage("submit: --timeout \(seconds) is for --wait, which is missing") }
        if waits { wait = WaitRequest(limitSeconds: seconds ?? WaitRequest.usualLimitSeconds) }
        rest = Array(left)
    }
}
