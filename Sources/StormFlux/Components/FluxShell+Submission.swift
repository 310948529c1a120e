extension FluxShell {
    /// The command as a Thrift struct has it: a program and one argument.
    ///
    /// A longer command, or one with an environment of its own, goes through `env -S`, which takes all of it as that one
    /// argument: single quotes keep every character, and a `PATH` is put behind the worker's, as in a Swift program.
    package var submitted: (program: String, argument: String?) {
        let command = launch
        if environment.isEmpty, command.count <= 2 { return (command.first ?? "", command.dropFirst().first) }
        let variables = environment.sorted { $0.key < $1.key }.map { name, value in
            name == "PATH" ? "PATH=${PATH}:" + Self.quoted(value) : Self.quoted("\(name)=\(value)")
        }
        return ("/usr/bin/env", "-S" + (variables + command.map(Self.quoted)).joined(separator: " "))
    }

    /// For `env -S`: inside of single quotes only the backslash and the quote need one before them.
    private static func quoted(_ text: String) -> String {
        var out = "'"
        for character in text {
            if character == "\\" || character == "'" { out.append("\\") }
            out.append(character)
        }
        return out + "'"
    }
}
